// test/unit/hand_made.h - plans made by hand, for tests of what reads them.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "runtime/view.h"

namespace mountc::plan {

// A plan in memory; bytes() lays the sections out as an encoder would.
struct Plan {
  std::vector<Instruction> code;
  std::vector<Attr> attrs = {{bit::attr_RDONLY, 0, bit::propagation_PRIVATE, 0}};
  std::vector<Pair> pairs = {{0100644, 0}};
  std::string strings = std::string(1, '\0');
  std::vector<Place> places;
  std::vector<uint32_t> lines;
  std::vector<Name> names;
  uint16_t slots = 8;

  uint32_t text(const std::string& value) {
    const uint32_t offset = static_cast<uint32_t>(strings.size());
    strings += value + '\0';
    return offset;
  }

  void add(Op op, std::vector<uint16_t> halves, std::vector<uint32_t> words = {}) {
    Instruction in{static_cast<uint16_t>(op), {}, {}};
    for (size_t i = 0; i < halves.size(); ++i) in.half[i] = halves[i];
    for (size_t i = 0; i < words.size(); ++i) in.word[i] = words[i];
    code.push_back(in);
  }

  std::vector<uint64_t> bytes() const {
    std::string out(sizeof(Header), '\0');
    Header header{};
    std::memcpy(header.magic, magic, sizeof magic);
    header.version = format_version;
    header.slots = slots;
    const auto section = [&](const void* from, size_t count, size_t size) {
      out.resize((out.size() + 7) / 8 * 8);
      out.append(static_cast<const char*>(from), count * size);
      return Section{static_cast<uint32_t>(count)};
    };
    header.code = section(code.data(), code.size(), sizeof(Instruction));
    header.attrs = section(attrs.data(), attrs.size(), sizeof(Attr));
    header.pairs = section(pairs.data(), pairs.size(), sizeof(Pair));
    header.strings = section(strings.data(), strings.size(), 1);
    header.places = section(places.data(), places.size(), sizeof(Place));
    header.lines = section(lines.data(), lines.size(), sizeof(uint32_t));
    header.names = section(names.data(), names.size(), sizeof(Name));
    out.resize((out.size() + 7) / 8 * 8);
    header.total_size = static_cast<uint32_t>(out.size());
    std::memcpy(out.data(), &header, sizeof header);
    std::vector<uint64_t> words(out.size() / 8);
    std::memcpy(words.data(), out.data(), out.size());
    return words;
  }
};

// Makes the checksum fit.
inline void seal(std::vector<uint64_t>& plan) {
  Header header;
  std::memcpy(&header, plan.data(), sizeof header);
  header.checksum = checksum(plan.data(), plan.size() * 8);
  std::memcpy(plan.data(), &header, sizeof header);
}

}  // namespace mountc::plan
