"""How are the facts called by which campaigns are measured?"""

from collections.abc import Mapping

from outreach.bilingual import Both

WORDS: Mapping[str, Both] = {
    "review.written": ("review", "评价"),
    "contract.renewed": ("renewal", "续约"),
    "order.paid": ("order paid", "付款订单"),
    "survey.answered": ("survey answered", "问卷回复"),
}
