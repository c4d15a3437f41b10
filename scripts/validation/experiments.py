"""The experiments W1 to W9, in order.

State: none; nothing runs at import.
"""

from scripts.validation import corridor, rooms, speed, streets
from scripts.validation.results import Experiment

EXPERIMENTS = (
    Experiment(
        "W1",
        "Speed against density, one way",
        "RiMEA 4, NIST 5.2",
        "Closed corridor of 50 by 4 m, people at random places, 0.25 to 4 people/m2, a minute "
        "after a warm-up of a minute.",
        corridor.one_way,
        "walk-one-way",
    ),
    Experiment(
        "W2",
        "Speed against density, half each way",
        "NIST 2.8",
        "The same corridor, the directions mixed at the start. Standing still: less than 0.5 m in "
        "the last 10 s.",
        corridor.two_way,
        "walk-two-way",
        "0.77 m/s was reached in an open corridor of 80 m (JuPedSim 1.4.2, collision-free speed, "
        "the same parameters), where a jam drains; a closed one keeps it. In two-way crowds use "
        "`anticipation`.",
    ),
    Experiment(
        "W3",
        "Flow through a bottleneck",
        "RiMEA 12, IMO 4, NIST 5.2",
        "150 people in a hall of 14 by 10 m before an opening 0.8 to 2.4 m wide and 0.4 m deep; "
        "people a second while the middle three fifths pass. For comparison a passage 2 m deep.",
        rooms.bottleneck,
        "walk-bottleneck",
        "The numbers were fitted to Weidmann's curve, whose greatest flow is 1.22 /(m s); flows "
        "through laboratory openings are higher. So the model comes in at the low end, the more "
        "so in a deep passage, where people of one radius walk in file. A radius of 0.17 m "
        "instead of 0.20 m gives 1.5 to 1.7 (two seeds).",
    ),
    Experiment(
        "W4",
        "Four doors, then two",
        "RiMEA 9, IMO 9, NIST 4.1",
        "1,000 people in a room of 30 by 20 m leave by doors of 1 m in its long walls, each by "
        "the nearest; then the doors of one wall are shut. Jammed for good: nobody leaves for a "
        "minute.",
        rooms.closed_doors,
        remark="Jams: round bodies without inertia or hesitation can form an arch before a door "
        "in which each of two has the other ahead, touching; nobody gives way and the arch stands "
        "for ever. It takes several hundred people pressing on a door of 1 m. Times are shorter "
        "than FDS+Evac's because flow through a door is higher here.",
    ),
    Experiment(
        "W5",
        "A hundred people against others",
        "IMO 8, NIST 2.8",
        "Two rooms of 10 by 10 m, a corridor of 10 by 2 m between them; when the last of the "
        "hundred reaches the other room. FDS+Evac's people are slower when free.",
        rooms.opposing_crowds,
        "walk-counterflow",
    ),
    Experiment(
        "W6",
        "Lanes in two-way flow",
        "none; Helbing and Molnar 1995",
        "The corridor of W2 after a minute. Order: share of the same way less share of the other "
        "among those in one's lane within 5 m, squared, mean.",
        corridor.lanes,
        "walk-lanes",
    ),
    Experiment(
        "W7",
        "Speed against the size of the party",
        "NIST 2.9",
        "An almost empty street of 60 by 12 m, 12 hours, 800 men an hour, parties as in the "
        "register.",
        streets.party_speeds,
        "walk-parties",
    ),
    Experiment(
        "W8",
        "When people come",
        "RiMEA 5, NIST 1.1",
        "Arrivals of many weekdays, 8 to 20 h, 3,000 people a day. Nobody walks: it holds for "
        "both models.",
        streets.arrival_profile,
        "walk-arrivals",
    ),
    Experiment(
        "W9",
        "Speed of the program",
        "none",
        "500 people at 1 /m2, one way, one core.",
        speed.program_speed,
    ),
)
