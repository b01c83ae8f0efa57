"""Sends an image through a tree of sites in SimGrid 3.32, and prints beside it what Causeway and theory say.

    npx causeway import MAP --out maps
    npx causeway export maps/MAP.yaml --to simgrid --out map.xml
    npx causeway distribute maps/MAP.yaml --way relayed --size 10MB --bandwidth 10Gbit --json > map.json
    /usr/bin/python3 scripts/simgrid-distribution.py map.xml map.json 10000000

Needs Debian's package python3-simgrid; nothing else in this project does. SimGrid's model is CM02 without corrections, so that links are as the
platform says. Every site receives the whole image and then sends it to each site below it, all at once: store and forward. The last column
is how far Causeway is from SimGrid. Where SimGrid's routes go past the tree (it takes the fewest links) there is no such map: sites of a tree
are neighbours.
"""

import json
import sys

from simgrid import Actor, Comm, Engine, Host, Mailbox


def main() -> int:
    platform, distribution, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(distribution, encoding="utf-8") as file:
        [relayed] = [one for one in json.load(file) if one["way"] == "relayed"]
    sites = relayed["sites"]
    lowers = {one["site"]: [] for one in sites}
    for one in sites:
        if one["upper"] is not None:
            lowers[one["upper"]].append(one["site"])
    engine = Engine(
        [
            "distribution",
            "--cfg=network/model:CM02",
            "--cfg=network/latency-factor:1",
            "--cfg=network/bandwidth-factor:1",
            "--cfg=network/TCP-gamma:0",
            "--log=root.thres:error",
        ]
    )
    engine.load_platform(platform)
    times = {}

    def site(name: str, is_root: bool) -> None:
        if not is_root:
            Mailbox.by_name(name).get()
        times[name] = Engine.clock
        sent = [Mailbox.by_name(lower).put_async("image", size) for lower in lowers[name]]
        Comm.wait_all(sent)

    for one in sites:
        Actor.create(one["site"], Host.by_name(one["site"]), site, one["site"], one["upper"] is None)
    engine.run()
    worst = 0.0
    print("site simulated theory simgrid (us)")
    for one in sites:
        simgrid = times[one["site"]] * 1e6
        print(one["site"], one["simulated"], round(one["expected"]), round(simgrid))
        if simgrid > 0:
            worst = max(worst, abs(one["simulated"] / simgrid - 1))
    print(f"differs from SimGrid by {100 * worst:.2f} % at most")
    return 0 if worst <= 0.01 else 1


sys.exit(main())
