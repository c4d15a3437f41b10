"""Entries of the evidence register in plain words: what each number is, and how it is known.

State: none.
"""

GRADES = {  # grade of the register: how the page marks it
    "measured": "measured",
    "published aggregate": "published figure",
    "vendor claim": "maker's claim",
    "campaign count": "campaign's count",
    "calibrated": "fitted to records",
    "assumption": "guess",
}
# What an entry of the register is, without its preset; the page is read by people who never saw it.
NUMBERS = {
    "error_model.fmr_060": "how often two different faces are taken for one",
    "error_model.threshold_slope": "how fast false alerts fall as the threshold goes up",
    "error_model.fnir_060": "share of listed people the system fails to find",
    "error_model.fnir_per_decade": "how many more it fails to find as the threshold goes up",
    "demographics.w_black": "false matches among Black people, against white",
    "demographics.w_asian": "false matches among Asian people, against white",
    "demographics.w_mixed": "false matches among people of mixed origin, against white",
    "demographics.w_other": "false matches among people of other origin, against white",
    "demographics.w_female": "false matches among women, against men",
    "demographics.w_black_female": "false matches among Black women, beyond both",
    "demographics.w_child": "false matches among children, against adults",
    "demographics.w_older": "false matches among older people, against adults",
    "demographics.cross_sex": "false matches between the sexes",
    "demographics.cross_age": "false matches between age bands",
    "demographics.cross_black_white": "false matches between Black and white people",
    "demographics.cross_asian_white": "false matches between Asian and white people",
    "demographics.cross_asian_black": "false matches between Asian and Black people",
    "demographics.cross_mixed": "false matches across people of mixed origin",
    "demographics.cross_other": "false matches across people of other origin",
    "matching.list_exponent": "how far a longer list brings more false alerts",
    "matching.repeat_frame": "how alike two looks by one camera are, for a false match",
    "matching.repeat_camera": "how alike looks by two cameras are, for a false match",
    "matching.proneness_shape": "how unevenly people are prone to be mistaken",
    "matching.genuine_camera_weight": "how much another camera helps to find a listed person",
    "matching.genuine_frame_weight": "how much a longer look helps to find a listed person",
    "matching.ageing_probit_per_year": "how fast old photographs get worse",
    "matching.deployment_dispersion": "how much days differ in false alerts",
    "matching.listed_per_1000": "listed people among 1,000 who walk past",
    "response.review_s": "seconds until an operator has read an alert",
    "response.review_log_sd": "how much that time varies",
    "response.pursue_true": "share of right alerts that operators act on",
    "response.pursue_false_intercept": "how readily operators act on false alerts",
    "response.pursue_false_slope": "how much more readily they act when false alerts are rare",
    "response.shift_hours": "length of an operator's shift",
    "response.officer_speed_mps": "how fast officers walk",
    "response.catch_distance_m": "how near an officer must come",
    "response.lost_in_crowd": "share of people whom officers lose in the crowd",
    "response.mistaken_stop_min": "minutes of a mistaken stop",
    "response.true_stop_min": "minutes of a right stop",
    "response.stop_log_sd": "how much the length of stops varies",
    "response.arrest_away_min": "minutes an arrest keeps an officer away",
    "response.arrest_share": "share of right stops that end in an arrest",
    "response.out_of_date_share": "share of list entries that are out of date",
    "response.witness_radius_m": "how far off a stop is seen",
}


def number_name(name: str) -> str:
    """Return what an entry of the register is, in plain words."""
    family, *preset, entry = name.split(".")
    return NUMBERS[f"{family}.{entry}" if preset or entry else name]
