// compiler/foreign/call_flags.cc - flags as strace writes them.
#include "compiler/foreign/call_flags.h"

#include "runtime/ops.h"

namespace mountc {

namespace bit = plan::bit;
using kernel::Propagation;

bool has_flag(std::string_view flags, std::string_view bit) {
  const auto is_of_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  for (size_t at = flags.find(bit); at != std::string_view::npos;
       at = flags.find(bit, at + 1)) {
    const size_t end = at + bit.size();
    const bool begins = at == 0 || !is_of_word(flags[at - 1]);
    if (begins && (end == flags.size() || !is_of_word(flags[end]))) return true;
  }
  return false;
}

uint32_t attribute_flags(std::string_view flags, const std::string& prefix) {
  uint32_t set = 0;
  for (const plan::BitName& row : plan::bit_names) {
    if (row.set != plan::BitSet::attr || row.value == bit::attr_IDMAP) continue;
    if (has_flag(flags, prefix + row.name)) set |= row.value;
  }
  return set;
}

std::optional<Propagation> propagation_flag(std::string_view flags) {
  if (has_flag(flags, "MS_SHARED")) return Propagation::shared;
  if (has_flag(flags, "MS_SLAVE")) return Propagation::slave;
  if (has_flag(flags, "MS_PRIVATE")) return Propagation::private_;
  if (has_flag(flags, "MS_UNBINDABLE")) return Propagation::unbindable;
  return std::nullopt;
}

kernel::AttributeChange attribute_change(const std::string& attr, bool recursive) {
  const auto part = [&](const char* key) {
    const size_t begin = attr.find(key);
    return begin == std::string::npos ? "" : attr.substr(begin, attr.find(',', begin) - begin);
  };
  kernel::AttributeChange change;
  change.set = attribute_flags(part("attr_set="), "MOUNT_ATTR_");
  change.clear = attribute_flags(part("attr_clr="), "MOUNT_ATTR_");
  if ((change.set | change.clear) & bit::attr_ATIME || has_flag(attr, "MOUNT_ATTR__ATIME")) {
    change.clear |= bit::attr_ATIME;
  }
  const auto propagation = propagation_flag(part("propagation="));
  if (propagation == Propagation::shared) change.propagation = bit::propagation_SHARED;
  if (propagation == Propagation::slave) change.propagation = bit::propagation_SLAVE;
  if (propagation == Propagation::private_) change.propagation = bit::propagation_PRIVATE;
  if (propagation == Propagation::unbindable) change.propagation = bit::propagation_UNBINDABLE;
  change.recursive = recursive;
  return change;
}

}  // namespace mountc
