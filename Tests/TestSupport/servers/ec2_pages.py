"""Pages of EC2's responses."""
import xml.etree.ElementTree as ElementTree

# The element with the items of a response, by action.
PAGED = {
    "DescribeInstances": "reservationSet", "DescribeSpotInstanceRequests": "spotInstanceRequestSet",
    "DescribeSpotPriceHistory": "spotPriceHistorySet",
}


class Paged:
    """A response whose items can be replaced by a page of them."""

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
