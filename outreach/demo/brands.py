"""Which two brands does the demo speak for?"""

from datetime import timedelta

from outreach.brands.model import BrandDocument

# Ten minutes over the defaults, so that nobody may be contacted again in the very minute in which
# planning opens: else the outcome would hang on which worker was faster.
_PACE = {
    "apart": timedelta(hours=4, minutes=10),
    "quarantines": {"promotion_by_mail": timedelta(hours=16, minutes=10)},
}

BRANDS = tuple(
    BrandDocument.model_validate(document)
    for document in (
        {
            "key": "huachen",
            "name": "华辰家电(示例)",
            "locale": "zh-CN",
            "zone": "Asia/Shanghai",
            "profile": {
                **_PACE,
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
                **_PACE,
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
