// compiler/snapshot/option_values.cc - see option_values.h.
#include "compiler/snapshot/option_values.h"

#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <optional>

namespace mountc {
namespace {

struct Words {
  std::string_view type, key, taken, shown;
};

constexpr Words words[] = {
#define WORDS(type, key, taken, shown) {type, key, taken, shown},
#include "compiler/snapshot/option_words.def"
};

std::string_view as_shown(std::string_view type, std::string_view key, std::string_view value) {
  for (const Words& each : words) {
    if (each.type == type && each.key == key && each.taken == value) return each.shown;
  }
  return value;
}

// As the kernel reads numbers (Linux lib/kstrtox.c _parse_integer_fixup_radix(), lib/cmdline.c
// memparse()): `0x` and `0` begin other bases, one letter stands for a power of 1024.
std::optional<uint64_t> number_of(std::string_view key, std::string_view value) {
  const bool is_mode = key == "mode" || key == "ptmxmode";
  int base = is_mode ? 8 : 10;
  std::string_view digits = value;
  if (!is_mode && (digits.starts_with("0x") || digits.starts_with("0X"))) {
    base = 16;
    digits.remove_prefix(2);
  } else if (!is_mode && digits.starts_with('0')) {
    base = 8;
  }
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number, base);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit = digits.substr(static_cast<size_t>(end - digits.begin()));
  if (unit.empty()) return number;
  constexpr std::string_view units = "kmgtpe";
  const size_t power = unit.size() == 1 ? units.find(static_cast<char>(unit[0] | 0x20)) : 6;
  if (power >= units.size()) return std::nullopt;
  return number << (10 * (power + 1));
}

// A tmpfs has whole pages (Linux mm/shmem.c shmem_parse_one()).
bool is_in_pages(std::string_view taken, std::string_view shown) {
  const bool pages = taken.ends_with(in_pages);
  if (pages) taken.remove_suffix(in_pages.size());
  const auto a = number_of("size", taken), b = number_of("size", shown);
  if (!a || !b) return false;
  const auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  return (pages ? *a * page : (*a + page - 1) / page * page) == *b;
}

}  // namespace

bool is_of_machine(std::string_view type, std::string_view key, std::string_view value) {
  return type == "tmpfs" && key == "size" && value.ends_with('%');
}

bool is_same_value(std::string_view type, std::string_view key, std::string_view first,
                   std::string_view second, bool read) {
  first = as_shown(type, key, first);
  second = as_shown(type, key, second);
  if (first == second) return true;
  if (read && (is_of_machine(type, key, first) || is_of_machine(type, key, second)))
    return true;
  const auto a = number_of(key, first), b = number_of(key, second);
  if (a && b && *a == *b) return true;
  if (!read) return false;
  if (type == "tmpfs" && key == "size")
    return is_in_pages(first, second) || is_in_pages(second, first);
  // A policy that names no nodes gets those that are online (Linux mm/mempolicy.c
  // mpol_parse_str()).
  const auto adds_nodes = [](std::string_view without, std::string_view with) {
    return with.starts_with(without) && with.substr(without.size()).starts_with(':');
  };
  return key == "mpol" && (adds_nodes(first, second) || adds_nodes(second, first));
}

}  // namespace mountc
