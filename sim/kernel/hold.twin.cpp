// The hold model of hold.bench.ts on std::priority_queue: take the earliest event, put it back at a later instant. The
// event carries what an event of the simulator carries. Prints holds per second, one line per repetition.
// Arguments: events pending, holds per repetition, repetitions.

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <vector>

struct Event {
  int64_t at;
  uint64_t seq;
  int32_t kind, a, b, c;
  void *payload;
};

struct Later {
  bool operator()(const Event &left, const Event &right) const {
    return left.at != right.at ? left.at > right.at : left.seq > right.seq;
  }
};

int main(int count, char **words) {
  if (count != 4) return 2;
  const int64_t pending = std::atoll(words[1]);
  const int64_t holds = std::atoll(words[2]);
  const int repetitions = std::atoi(words[3]);

  // The same exponential increments as in TypeScript in distribution, not in value: the mean is one second.
  std::vector<int64_t> increments(1 << 16);
  uint64_t state = 88172645463325252ull;
  for (auto &increment : increments) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    increment = std::llround(-1e6 * std::log(((state >> 11) + 1) * 0x1p-53));
  }

  std::priority_queue<Event, std::vector<Event>, Later> queue;
  uint64_t seq = 0;
  for (int64_t i = 0; i < pending; ++i) queue.push({increments[i & 0xffff], seq++, 1, (int32_t)i, 0, 0, nullptr});

  uint64_t sum = 0;
  for (int repetition = -1; repetition < repetitions; ++repetition) {
    const auto begin = std::chrono::steady_clock::now();
    for (int64_t i = 0; i < holds; ++i) {
      Event event = queue.top();
      queue.pop();
      sum += event.a;
      event.at += increments[i & 0xffff];
      event.seq = seq++;
      queue.push(event);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    // The first repetition warms up.
    if (repetition >= 0) std::printf("%.0f\n", holds / took.count());
  }
  return sum == 0 && pending > 1 ? 1 : 0;
}
