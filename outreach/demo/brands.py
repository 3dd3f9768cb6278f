"""Which two brands does the demo speak for?"""

from outreach.brands.model import BrandDocument

BRANDS = tuple(
    BrandDocument.model_validate(document)
    for document in (
        {
            "key": "huachen",
            "name": "华辰家电(示例)",
            "locale": "zh-CN",
            "zone": "Asia/Shanghai",
            "profile": {
                "sender_name": "华辰家电售后",
                "sender_email": "care@huachen.example",
                "sms_sender": "HUACHEN",
                "signature": "华辰家电",
                "support": "help@huachen.example",
                "review_url": "https://huachen.example/review",
                "survey_url": "https://huachen.example/survey",
            },
        },
        {
            "key": "northpine",
            "name": "Northpine Goods (example)",
            "locale": "en",
            "zone": "America/Toronto",
            "profile": {
                "sender_name": "Northpine Care",
                "sender_email": "care@northpine.example",
                "sms_sender": "NORTHPINE",
                "signature": "Northpine",
                "support": "help@northpine.example",
                "review_url": "https://northpine.example/review",
                "survey_url": "https://northpine.example/survey",
            },
        },
    )
)
