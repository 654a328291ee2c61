"""What AWS knows of the Aurora cluster that Letta's database lives in: the only user of boto3."""
