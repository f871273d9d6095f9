"""EC2's answers in pages: which there are, and how one is made of some of an answer's items."""
import xml.etree.ElementTree as ElementTree

# Where the items of an answer stand.
PAGED = {
    "DescribeInstances": "reservationSet", "DescribeSpotInstanceRequests": "spotInstanceRequestSet",
    "DescribeSpotPriceHistory": "spotPriceHistorySet",
}


class Paged:
    """An answer whose items can be told apart, and replaced by some of them."""

    def __init__(self, action, data):
        self.root = ElementTree.fromstring(data)
        self.namespace = self.root.tag.split("}")[0].lstrip("{")
        self.holder = self.root.find(self.name(PAGED[action]))

    def name(self, element):
        return "{%s}%s" % (self.namespace, element)

    def written(self, items, next_token):
        for item in list(self.holder):
            self.holder.remove(item)
        self.holder.extend(items)
        for old in self.root.findall(self.name("nextToken")):
            self.root.remove(old)
        if next_token:
            ElementTree.SubElement(self.root, self.name("nextToken")).text = next_token
        return ElementTree.tostring(self.root, default_namespace=self.namespace)
