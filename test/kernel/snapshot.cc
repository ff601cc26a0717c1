// test/kernel/snapshot.cc - the mounts of a namespace, comparable between the model and Linux.
#include "test/kernel/snapshot.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace mountc::differential {
namespace {

class Renaming {
 public:
  std::string operator()(long number) {
    if (number == 0) return "-";
    const auto [entry, fresh] = names_.try_emplace(number, names_.size() + 1);
    return std::to_string(entry->second);
  }

 private:
  std::unordered_map<long, size_t> names_;
};

using Children = std::unordered_map<long, std::vector<const Seen*>>;

// A tree without its numbers.
std::string shape(const Seen& m, Children& children) {
  std::vector<std::string> parts;
  for (const Seen* child : children[m.id]) parts.push_back(shape(*child, children));
  std::sort(parts.begin(), parts.end());
  std::string text = m.mountpoint + " " + m.root + " " + m.options + "(";
  for (const std::string& part : parts) text += part;
  return text + ")";
}

struct Printer {
  std::string out;
  Renaming superblocks, groups;

  void print(const Namespace& mounts) {
    Children children;
    for (const Seen& m : mounts) children[m.parent].push_back(&m);
    for (const Seen& m : mounts) {
      std::vector<const Seen*>& list = children[m.id];
      // Before 6.17 two can lie on one place of one mount; mountinfo has them in no order.
      std::sort(list.begin(), list.end(), [&](const Seen* a, const Seen* b) {
        if (a->mountpoint != b->mountpoint) return a->mountpoint < b->mountpoint;
        return shape(*a, children) < shape(*b, children);
      });
    }
    if (!mounts.empty()) print(mounts.front(), children, 0);
  }

  void print(const Seen& m, Children& children, size_t depth) {
    out.append(depth * 2, ' ');
    out += (m.mountpoint.empty() ? "." : m.mountpoint) + " sb" + superblocks(m.superblock) +
           m.root + " " + m.options + " group " + groups(m.group) + " master " +
           groups(m.master) + (m.unbindable ? " unbindable\n" : "\n");
    for (const Seen* child : children[m.id]) print(*child, children, depth + 1);
  }
};

std::vector<std::string_view> words(std::string_view line, char separator) {
  std::vector<std::string_view> list;
  for (size_t begin = 0; begin <= line.size();) {
    const size_t end = std::min(line.find(separator, begin), line.size());
    list.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

long number(std::string_view text) { return std::stol(std::string(text)); }

long device(std::string_view text) {
  const size_t colon = text.find(':');
  return number(text.substr(0, colon)) << 20 | number(text.substr(colon + 1));
}

}  // namespace

std::string canonical(const std::vector<Namespace>& namespaces) {
  Printer printer;
  for (size_t i = 0; i < namespaces.size(); ++i) {
    printer.out += "ns" + std::to_string(i) + "\n";
    printer.print(namespaces[i]);
  }
  return printer.out;
}

Namespace parse_mountinfo(const std::string& text) {
  Namespace mounts;
  std::unordered_map<long, size_t> by_id;
  std::vector<std::string> whole;  // mount points from the root
  for (std::string_view line : words(text, '\n')) {
    if (line.empty()) continue;
    const auto field = words(line, ' ');
    Seen m;
    m.id = number(field[0]);
    m.parent = number(field[1]);
    m.superblock = device(field[2]);
    m.root = field[3];
    auto options = words(field[5], ',');
    std::sort(options.begin(), options.end());
    for (std::string_view word : options)
      m.options += (m.options.empty() ? "" : ",") + std::string(word);
    for (size_t i = 6; field[i] != "-"; ++i) {
      if (field[i].starts_with("shared:")) m.group = number(field[i].substr(7));
      if (field[i].starts_with("master:")) m.master = number(field[i].substr(7));
      if (field[i] == "unbindable") m.unbindable = true;
    }
    by_id[m.id] = mounts.size();
    whole.push_back(field[4] == "/" ? "" : std::string(field[4]));
    mounts.push_back(m);
  }
  for (size_t i = 0; i < mounts.size(); ++i) {
    const auto parent = by_id.find(mounts[i].parent);
    if (parent == by_id.end()) {
      std::swap(mounts[0], mounts[i]);
      std::swap(whole[0], whole[i]);
      break;
    }
  }
  by_id.clear();
  for (size_t i = 0; i < mounts.size(); ++i) by_id[mounts[i].id] = i;
  for (size_t i = 1; i < mounts.size(); ++i) {
    mounts[i].mountpoint = whole[i].substr(whole[by_id.at(mounts[i].parent)].size());
  }
  return mounts;
}

}  // namespace mountc::differential
