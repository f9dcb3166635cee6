resource "aws_kms_key" "main" {
  description         = "main"
  enable_key_rotation = true
}

resource "aws_kms_key" "plain" {
  description = "plain"
}

resource "aws_kms_key" "gone" {
  description = "gone"
}

resource "aws_kms_alias" "main" {
  name          = "alias/main"
  target_key_id = aws_kms_key.main.key_id
}

resource "aws_kms_alias" "gone" {
  name          = "alias/gone"
  target_key_id = aws_kms_key.main.key_id
}

resource "aws_sqs_queue" "inline" {
  name                       = "inline"
  visibility_timeout_seconds = 60
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-west-1:123456789012:inline"
    }]
  })
}

resource "aws_sqs_queue" "split" {
  name = "split"
}

resource "aws_sqs_queue" "undone" {
  name = "undone"
}

resource "aws_sqs_queue" "gone" {
  name = "gone"
}

resource "aws_sqs_queue_policy" "split" {
  queue_url = aws_sqs_queue.split.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-west-1:123456789012:split"
    }]
  })
}

resource "aws_sqs_queue_policy" "undone" {
  queue_url = aws_sqs_queue.undone.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-west-1:123456789012:undone"
    }]
  })
}

resource "aws_sns_topic" "plain" {
  name         = "plain"
  display_name = "Plain"
}

resource "aws_sns_topic" "split" {
  name = "split"
}

resource "aws_sns_topic" "gone" {
  name = "gone"
}

resource "aws_sns_topic_policy" "split" {
  arn = aws_sns_topic.split.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-west-1:123456789012:split"
    }]
  })
}

resource "aws_cloudtrail" "main" {
  name                       = "main"
  s3_bucket_name             = aws_s3_bucket.logs.id
  is_multi_region_trail      = true
  enable_log_file_validation = true
  depends_on                 = [aws_s3_bucket_policy.logs]
}

resource "aws_cloudtrail" "gone" {
  name           = "gone"
  s3_bucket_name = aws_s3_bucket.logs.id
  depends_on     = [aws_s3_bucket_policy.logs]
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/app"
  retention_in_days = 30
}

resource "aws_cloudwatch_log_group" "gone" {
  name = "/gone"
}
