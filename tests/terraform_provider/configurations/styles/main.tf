# The ways to say the same thing: modules, count, for_each, aliased providers in two regions,
# and default tags of which one is overridden. Made for moto, never for AWS.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Owner = "platform", Env = "prod" }
  }
}

provider "aws" {
  alias  = "us"
  region = "us-west-2"
}

module "eu" {
  source = "./network"
  cidrs  = { web = "10.0.0.0/8", db = "192.168.0.0/16" }
}

module "us" {
  source    = "./network"
  for_each  = toset(["a", "b"])
  cidrs     = { web = "10.0.0.0/8" }
  providers = { aws = aws.us }
}

resource "aws_sqs_queue" "jobs" {
  count = 2
  name  = "jobs-${count.index}"
  tags  = { Env = "test" }
}

resource "aws_sqs_queue" "far" {
  provider = aws.us
  name     = "jobs-0"
  tags     = { Env = "far" }
}

resource "aws_ebs_encryption_by_default" "near" {
  enabled = true
}

resource "aws_ebs_encryption_by_default" "far" {
  provider = aws.us
  enabled  = true
}

resource "aws_s3_bucket" "far" {
  provider = aws.us
  bucket   = "acme-far"
}

resource "aws_s3_bucket_versioning" "far" {
  provider = aws.us
  bucket   = aws_s3_bucket.far.id
  versioning_configuration {
    status = "Enabled"
  }
}
