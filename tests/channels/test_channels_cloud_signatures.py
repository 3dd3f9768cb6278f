"""Do the clouds' signatures come out as the clouds' own examples?"""

from datetime import UTC, datetime

from outreach.channels import cloud_signatures
from outreach.channels.cloud_signatures import Unsigned


def signature(header: str) -> str:
    return header.rpartition("Signature=")[2]


def test_amazons_own_test_suite_comes_out() -> None:
    """`get-vanilla` and `post-vanilla` of the test suite of AWS Signature Version 4."""
    now = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
    headers = {"host": "example.amazonaws.com", "x-amz-date": cloud_signatures.amazon_date(now)}
    made = {
        method: cloud_signatures.amazon(
            Unsigned("/", "", headers, b""),
            key="AKIDEXAMPLE",
            secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            scope=("us-east-1", "service"),
            now=now,
            method=method,
        )
        for method in ("GET", "POST")
    }
    assert made["GET"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, "
        "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    )
    assert signature(made["POST"]) == (
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    )


def test_tencents_example_comes_out() -> None:
    """The example of 签名方法 v3: DescribeInstances of 2019-02-25."""
    body = (
        b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    )
    headers = {
        "content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"
    }  # fmt: skip
    made = cloud_signatures.tencent(
        Unsigned("/", "", headers, body),
        key="AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        secret="Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
        service="cvm",
        now=datetime.fromtimestamp(1551113065, UTC),
    )
    assert made == (
        "TC3-HMAC-SHA256 "
        "Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


def test_alibabas_example_comes_out() -> None:
    """The fixed example of the V3 signature: RunInstances of 2023-10-26."""
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances",
        "x-acs-content-sha256": cloud_signatures.content_hash(b""),
        "x-acs-date": "2023-10-26T10:22:32Z", "x-acs-version": "2014-05-26",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    }  # fmt: skip
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    made = cloud_signatures.alibaba(
        Unsigned("/", query, headers, b""),
        key="YourAccessKeyId",
        secret="YourAccessKeySecret",
    )
    assert signature(made) == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
