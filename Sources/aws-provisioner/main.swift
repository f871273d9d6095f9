print("aws-provisioner")
