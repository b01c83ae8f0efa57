/*
 * Three cloudlets in a row and three writes, as a model of its own for Spin: what is applied where, what is on its way, which links
 * are closed. Nothing of the core is in it but its promises:
 *
 * 1. What becomes applied at a cloudlet goes in one batch to every neighbour that it did not come from.
 * 2. A record waits for its past. Write 1 follows write 0 when one session made both.
 * 3. Who meets, over a link that opens or with a process that has started again, is sent all that it has not got.
 *
 * Disks have everything at once. Prints every state, projected: applied by cloudlet, counts of each write by direction, closed
 * links. properties/explore-spin.test.ts compares that with what an exploration of the core visits.
 *
 * LOSSES, DUPLICATES, CUTS and CRASHES are given from outside.
 */

/* By cloudlet, one bit per write. */
byte known[3];
byte applied[3];
/* At a cloudlet, from a cloudlet: what it brought. */
byte brought[9];
/* By direction and by content: batches on their way. Directions: 0 to 1, 1 to 0, 1 to 2, 2 to 1. */
byte flying[32];
bit closed[2];
byte losses = LOSSES;
byte duplicates = DUPLICATES;
byte cuts = CUTS;
byte crashes = CRASHES;
/* Writes made by the session at cloudlet 0; whether its second one follows the first; whether the session goes on since. */
byte made;
bit follows;
bit goesOn;
bit madeOther;

inline send(direction, content) {
	if
	:: (content) != 0 && !closed[(direction) / 2] -> flying[(direction) * 8 + (content)]++
	:: else
	fi
}

/* Applies at a cloudlet what need not wait, and sends it on. */
inline settle(at) {
	news = applied[at];
	applied[at] = applied[at] | (known[at] & 5);
	if
	:: (known[at] & 2) && (!follows || (applied[at] & 1)) -> applied[at] = applied[at] | 2
	:: else
	fi;
	news = applied[at] & ~news;
	if
	:: at == 0 -> send(0, news & ~brought[1])
	:: at == 1 -> send(1, news & ~brought[3]); send(2, news & ~brought[5])
	:: at == 2 -> send(3, news & ~brought[7])
	fi;
	news = 0
}

inline deliver(direction, content) {
	flying[direction * 8 + content]--;
	if
	:: direction == 0 -> from = 0; to = 1
	:: direction == 1 -> from = 1; to = 0
	:: direction == 2 -> from = 1; to = 2
	:: direction == 3 -> from = 2; to = 1
	fi;
	brought[to * 3 + from] = brought[to * 3 + from] | (content & ~known[to]);
	known[to] = known[to] | content;
	settle(to);
	from = 0;
	to = 0
}

/* The two ends of a link meet. */
inline meet(link) {
	send(2 * (link), applied[link] & ~known[(link) + 1]);
	send(2 * (link) + 1, applied[(link) + 1] & ~known[link])
}

inline clear(link) {
	index = (link) * 16;
	do
	:: index < (link) * 16 + 16 -> flying[index] = 0; index++
	:: else -> break
	od;
	index = 0
}

inline forget(at) {
	brought[(at) * 3] = 0;
	brought[(at) * 3 + 1] = 0;
	brought[(at) * 3 + 2] = 0
}

inline tell() {
	c_code {
		int d, m, w;
		printf("@%d %d %d ", now.applied[0], now.applied[1], now.applied[2]);
		for (d = 0; d < 4; d++)
			for (w = 0; w < 3; w++) {
				int count = 0;
				for (m = 1; m < 8; m++) if (m & (1 << w)) count += now.flying[d * 8 + m];
				printf("%d", count);
			}
		printf(" %d%d\n", now.closed[0], now.closed[1]);
	}
}

init {
	byte direction;
	byte content;
	byte index;
	byte news;
	byte from;
	byte to;
	atomic { tell() }
	do
	:: atomic { made < 2 ->
		follows = (made == 1 && goesOn);
		goesOn = 1;
		known[0] = known[0] | (1 << made);
		made++;
		settle(0);
		tell() }
	:: atomic { !madeOther -> madeOther = 1; known[2] = known[2] | 4; settle(2); tell() }
	:: atomic { select(direction : 0 .. 3); select(content : 1 .. 7); flying[direction * 8 + content] > 0 ->
		if
		:: deliver(direction, content)
		:: losses > 0 -> losses--; flying[direction * 8 + content]--
		:: duplicates > 0 -> duplicates--; flying[direction * 8 + content]++
		fi;
		direction = 0; content = 0; tell() }
	:: atomic { cuts > 0 ->
		select(direction : 0 .. 1);
		!closed[direction] -> cuts--; clear(direction); closed[direction] = 1; direction = 0; tell() }
	:: atomic { closed[0] -> closed[0] = 0; meet(0); tell() }
	:: atomic { closed[1] -> closed[1] = 0; meet(1); tell() }
	:: atomic { crashes > 0 -> crashes--; goesOn = 0; forget(0);
		if :: !closed[0] -> meet(0) :: else fi; tell() }
	:: atomic { crashes > 0 -> crashes--; forget(1);
		if :: !closed[0] -> meet(0) :: else fi;
		if :: !closed[1] -> meet(1) :: else fi; tell() }
	:: atomic { crashes > 0 -> crashes--; forget(2);
		if :: !closed[1] -> meet(1) :: else fi; tell() }
	od
}
