// runtime/pack/pack.cc - finds the series of runs that takes the fewest bits. It goes through
// the bytes once, and keeps for each offset the best series that ends with a run of that
// offset.
#include "runtime/pack/pack.h"

#include <algorithm>
#include <bit>
#include <climits>
#include <span>
#include <utility>

#include "runtime/pack/writer.h"
#include "runtime/unpack.h"

namespace mountc::pack {
namespace {

using Count = uint32_t;

constexpr Count never = INT_MAX;  // bits, where there is no series
constexpr Count none = UINT_MAX;  // an index of none

// A run takes the unpacker time, as if it were longer by so many bits: with 2, unpacking takes a
// tenth less than with 0, and what is packed is a hundredth larger.
constexpr Count bits_of_time = 1;

// A series that is longer by so many bits than another one to the same place stays longer.
constexpr Count behind_most = 40;

// The last run of a series that is no literals, and the literals before it.
struct Run {
  Count bits;  // of the whole series
  Count end, length, offset, literals;
  bool fresh;    // the offset is written
  Count before;  // the run before it, of runs_
};

Count bits_of(Count number) { return 2 * static_cast<Count>(std::bit_width(number)) - 1; }
Count bits_of_literals(Count count) { return bits_of_time + 1 + bits_of(count) + 8 * count; }
Count upper(Count offset) { return ((offset - 1) >> low_bits) + 1; }

class Parser {
 public:
  explicit Parser(const Bytes& bytes);
  std::vector<Run> best() const;

 private:
  struct Offset {
    Count same_end = none, same = 0;  // as many bytes before this one are as so many before
    Count last = none;                // the last run of the best series that ends with it
    Count resumed = none;             // the run whose offset the present one may use again
  };
  // The best series up to a place, and the best one that ends with no literals.
  struct Place {
    Count bits = never, run = none;
    Count copied_bits = never, copied = none;
  };

  Count end_of(Count run) const { return run == none ? 0 : runs_[run].end; }
  void literals_to(Count end);
  void runs_with(Count at);
  Run resuming(const Offset& offset, Count end) const;
  Run fresh(Count most, Count end);
  void keep(Run run, Offset& offset);

  std::vector<Run> runs_;
  std::vector<Offset> offsets_;
  std::vector<Place> places_;   // by the number of bytes before
  std::vector<Count> earlier_;  // where the same byte was before
  std::vector<Count>
      lengths_;  // of fresh runs to the present place: the best one up to a length
};

Parser::Parser(const Bytes& bytes)
    : offsets_(bytes.size() + 1), places_(bytes.size() + 1), earlier_(bytes.size()) {
  places_[0] = {0, none, 0, none};
  std::vector<Count> seen(256, none);
  for (Count at = 0; at < bytes.size(); ++at) {
    earlier_[at] = std::exchange(seen[bytes[at]], at);
    literals_to(at + 1);
    runs_with(at);
  }
}

void Parser::literals_to(Count end) {
  Place& place = places_[end];
  const auto from = [&](Count begin) {
    const Place& base = places_[begin];
    const Count bits = base.copied_bits + bits_of_literals(end - begin);
    if (bits < place.bits) place.bits = bits, place.run = base.copied;
  };
  from(end_of(places_[end - 1].run));
  for (Count begin = end - std::min<Count>(end, 64); begin < end; ++begin) from(begin);
}

// All runs whose last byte is the one at `at`.
void Parser::runs_with(Count at) {
  lengths_ = {0, 0, 2};
  for (Count from = earlier_[at]; from != none; from = earlier_[from]) {
    Offset& offset = offsets_[at - from];
    if (offset.same_end != at) {
      offset.same = 0;
      offset.resumed = end_of(offset.last) < at ? offset.last : none;
    }
    offset.same_end = at + 1;
    ++offset.same;
    Run best = resuming(offset, at + 1);
    if (offset.same >= 2) {
      Run other = fresh(offset.same, at + 1);
      other.bits += bits_of(upper(at - from));
      if (other.bits < best.bits) best = other;
    }
    best.offset = at - from;
    if (best.bits <= places_[at + 1].bits + behind_most) keep(best, offset);
  }
}

Run Parser::resuming(const Offset& offset, Count end) const {
  if (offset.resumed == none) return {never, end, 0, 0, 0, false, none};
  const Run& base = runs_[offset.resumed];
  const Count literals = end - offset.same - base.end;
  const Count bits =
      base.bits + bits_of_literals(literals) + bits_of_time + 1 + bits_of(offset.same);
  return {bits, end, offset.same, 0, literals, false, offset.resumed};
}

// Of the best length up to `most`, without the bits of the offset's upper part.
Run Parser::fresh(Count most, Count end) {
  const auto bits = [&](Count length) {
    return places_[end - length].bits + bits_of_time + 1 + low_bits + bits_of(length - 1);
  };
  for (Count next = static_cast<Count>(lengths_.size()); next <= most; ++next) {
    lengths_.push_back(bits(next) < bits(lengths_.back()) ? next : lengths_.back());
  }
  const Count length = lengths_[most];
  const Count before = places_[end - length].run;
  return {bits(length), end, length, 0, end - length - end_of(before), true, before};
}

void Parser::keep(Run run, Offset& offset) {
  offset.last = static_cast<Count>(runs_.size());
  runs_.push_back(run);
  Place& place = places_[run.end];
  if (run.bits < place.bits) place.bits = run.bits, place.run = offset.last;
  if (run.bits < place.copied_bits) place.copied_bits = run.bits, place.copied = offset.last;
}

std::vector<Run> Parser::best() const {
  std::vector<Run> series;
  for (Count at = places_.back().run; at != none; at = runs_[at].before)
    series.push_back(runs_[at]);
  std::reverse(series.begin(), series.end());
  return series;
}

}  // namespace

Bytes packed(Bytes bytes) {
  move_calls(bytes.data(), bytes.size(), 1);
  Writer out;
  size_t at = 0;
  const auto literals = [&](size_t count) {
    if (count == 0) return;
    out.digits(0, 1);
    out.number(count);
    out.literals(std::span(bytes).subspan(at, count));
    at += count;
  };
  for (const Run& run : Parser(bytes).best()) {
    literals(run.literals);
    out.digits(run.fresh, 1);
    if (run.fresh) {
      out.number(upper(run.offset));
      out.digits(run.offset - 1, low_bits);
    }
    out.number(run.length - run.fresh);
    at += run.length;
  }
  literals(bytes.size() - at);
  return out.all();
}

Bytes unpacked(const Bytes& packed, size_t size) {
  Bytes bytes(size + slack);
  unpack(*reinterpret_cast<const Packed*>(packed.data()), bytes.data(), size);
  bytes.resize(size);
  return bytes;
}

}  // namespace mountc::pack
