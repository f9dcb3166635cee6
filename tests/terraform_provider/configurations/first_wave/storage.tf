resource "aws_s3_bucket" "inline" {
  bucket = "acme-inline"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:DeleteObject"
      Resource  = "arn:aws:s3:::acme-inline/*"
    }]
  })
  versioning {
    enabled = true
  }
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "AES256"
      }
    }
  }
  tags = { Env = "prod" }
}

resource "aws_s3_bucket" "split" {
  bucket = "acme-split"
}

resource "aws_s3_bucket" "undone" {
  bucket = "acme-undone"
}

resource "aws_s3_bucket" "logs" {
  bucket = "acme-logs"
}

resource "aws_s3_bucket" "gone" {
  bucket = "acme-gone"
}

resource "aws_s3_bucket_policy" "split" {
  bucket = aws_s3_bucket.split.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = { AWS = "*" }
      Action    = ["s3:DeleteObject"]
      Resource  = ["arn:aws:s3:::acme-split/*"]
    }]
  })
}

resource "aws_s3_bucket_policy" "undone" {
  bucket = aws_s3_bucket.undone.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:DeleteObject"
      Resource  = "arn:aws:s3:::acme-undone/*"
    }]
  })
}

resource "aws_s3_bucket_public_access_block" "split" {
  bucket                  = aws_s3_bucket.split.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_public_access_block" "undone" {
  bucket              = aws_s3_bucket.undone.id
  block_public_acls   = true
  block_public_policy = true
}

resource "aws_s3_bucket_versioning" "split" {
  bucket = aws_s3_bucket.split.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "split" {
  bucket = aws_s3_bucket.split.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.main.arn
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "undone" {
  bucket = aws_s3_bucket.undone.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_acl" "split" {
  bucket = aws_s3_bucket.split.id
  acl    = "private"
}

resource "aws_s3_bucket_ownership_controls" "split" {
  bucket = aws_s3_bucket.split.id
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_ownership_controls" "undone" {
  bucket = aws_s3_bucket.undone.id
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_logging" "split" {
  bucket        = aws_s3_bucket.split.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "split/"
  depends_on    = [aws_s3_bucket_policy.logs]
}

resource "aws_s3_bucket_logging" "undone" {
  bucket        = aws_s3_bucket.undone.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "undone/"
  depends_on    = [aws_s3_bucket_policy.logs]
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::acme-logs/*"
      },
      {
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:*"
        Resource  = "*"
      },
    ]
  })
}

resource "aws_s3_account_public_access_block" "account" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
