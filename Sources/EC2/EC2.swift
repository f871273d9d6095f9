// EC2
