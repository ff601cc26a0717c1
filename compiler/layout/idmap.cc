// compiler/layout/idmap.cc - the attribute `idmap`: a user namespace's file, or ranges of ids.
#include <charconv>

#include "compiler/layout/paths.h"
#include "compiler/layout/resolver.h"

namespace mountc {
namespace {

// Linux include/linux/user_namespace.h; map_write() reads less than a page, at once.
constexpr size_t ranges_max = 340, text_max = 4095;

struct Range {
  uint64_t first, other, count;
  Span span;
};

bool read_range(std::string_view text, Range& range) {
  uint64_t* const numbers[] = {&range.first, &range.other, &range.count};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (uint64_t* number : numbers) {
    if (number != numbers[0] && (at == end || *at++ != ':')) return false;
    const auto [after, error] = std::from_chars(at, end, *number);
    if (error != std::errc()) return false;
    at = after;
  }
  return at == end;
}

class MapReader {
 public:
  MapReader(Resolver& r, const ast::Attribute& attribute) : r_(r), attribute_(attribute) {}

  // The map's number; none when it is wrong, which has been reported.
  uint32_t read(bool& recursive) {
    if (attribute_.options) {
      for (const ast::Option& option : attribute_.options->options) read_option(option, recursive);
    }
    const bool made = !map_.uids.empty() && !map_.gids.empty();
    const bool partly = !map_.uids.empty() || !map_.gids.empty();
    if (!failed_ && (map_.ns.empty() ? !made : partly)) {
      bad(attribute_.span, "it takes either `ns=PATH` or both `uid=` and `gid=`");
    }
    if (failed_) return none;
    auto& all = r_.layout.idmaps;
    const auto [known, fresh] = r_.idmaps.try_emplace(map_, static_cast<uint32_t>(all.size()));
    if (fresh) all.push_back(map_);
    return known->second;
  }

 private:
  void read_option(const ast::Option& option, bool& recursive) {
    const auto key = r_.decode(option.key).value_or("");
    const bool value = option.has_value && option.layers.empty();
    if (key == "recursive" && !option.has_value) {
      recursive = true;
    } else if (key == "ns" && value && !option.is_list && map_.ns.empty()) {
      read_ns(option.values[0]);
    } else if (key == "uid" && value && map_.uids.empty()) {
      map_.uids = read_ranges(option);
    } else if (key == "gid" && value && map_.gids.empty()) {
      map_.gids = read_ranges(option);
    } else {
      failed_ = true;
      r_.diagnostics.report<rule::unknown_option>(option.key.span, "idmap", key)
          .hint("it takes `uid=FIRST:OTHER:COUNT` and `gid=FIRST:OTHER:COUNT`, or `ns=PATH`");
    }
  }

  void read_ns(const ast::Value& value) {
    map_.ns = r_.decode(value).value_or("/");
    check_path(r_, value.span, map_.ns);
    if (!map_.ns.starts_with('/')) {
      failed_ = true;
      r_.diagnostics.report<rule::relative_source>(value.span, map_.ns);
    }
  }

  std::string read_ranges(const ast::Option& option) {
    std::vector<Range> ranges;
    std::string text;
    for (const ast::Value& value : option.values) {
      const auto written = r_.decode(value).value_or("");
      Range range{0, 0, 0, value.span};
      if (!read_range(written, range)) {
        failed_ = true;
        r_.diagnostics.report<rule::bad_number>(value.span, written, "range FIRST:OTHER:COUNT");
        continue;
      }
      if (ranges.size() < ranges_max) check_range(range, ranges);
      ranges.push_back(range);
      text += fmt::format("{} {} {}\n", range.first, range.other, range.count);
    }
    if (ranges.empty() && !failed_) bad(option.key.span, "there is no range");
    if (ranges.size() > ranges_max) bad(option.key.span, "there are more than 340 ranges");
    if (text.size() > text_max) bad(option.key.span, "the kernel would not read all of it");
    return text;
  }

  void check_range(const Range& range, const std::vector<Range>& earlier) {
    constexpr uint64_t ids = UINT32_MAX;  // (uid_t)-1 is none
    if (range.count == 0) bad(range.span, "a range of no ids");
    if (range.count > ids || range.first + range.count > ids || range.other + range.count > ids) {
      bad(range.span, "a range beyond the last id, 4294967294");
    }
    const auto meet = [&](uint64_t a, uint64_t b, uint64_t count) {
      return a < b + count && b < a + range.count;
    };
    for (const Range& other : earlier) {
      if (!meet(range.first, other.first, other.count) &&
          !meet(range.other, other.other, other.count)) {
        continue;
      }
      bad(range.span, "a range that overlaps another one")
          .note(other.span, "the other one is here");
      return;
    }
  }

  Diagnostic& bad(Span span, std::string_view what) {
    failed_ = true;
    return r_.diagnostics.report<rule::bad_idmap>(span, what);
  }

  Resolver& r_;
  const ast::Attribute& attribute_;
  IdMap map_;
  bool failed_ = false;
};

}  // namespace

void resolve_idmap(Resolver& r, const ast::Attribute& attribute, Mount& mount) {
  mount.idmap = MapReader(r, attribute).read(mount.idmap_recursive);
  if (mount.idmap_recursive && !mount.source.is_recursive()) {
    r.diagnostics.report<rule::misplaced>(attribute.span, "recursive",
                                          "concerns the mounts below an `rbind` or `rclone`");
  }
}

}  // namespace mountc
