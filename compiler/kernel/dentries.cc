// compiler/kernel/dentries.cc - superblocks and the paths in them, each path once.
#include "compiler/kernel/dentries.h"

#include <algorithm>
#include <functional>

namespace mountc::kernel {

SuperblockRef Dentries::add_superblock(std::string_view type, Contents contents,
                                       DentryKind root) {
  const auto s = static_cast<SuperblockRef>(superblocks_.size());
  const auto d = static_cast<DentryRef>(dentries_.size());
  dentries_.push_back({s, nothing, 0, 0, root, 0, nothing});
  superblocks_.push_back({std::string(type), d, contents, false, false});
  return s;
}

size_t Dentries::hash(DentryRef parent, std::string_view name) {
  return std::hash<std::string_view>()(name) * 31 + parent * 0x9e3779b1u;
}

DentryRef Dentries::known(DentryRef parent, std::string_view text) const {
  if (buckets_.empty()) return nothing;
  DentryRef d = buckets_[hash(parent, text) & (buckets_.size() - 1)];
  while (d != nothing && (dentries_[d].parent != parent || name(d) != text)) {
    d = dentries_[d].hash_next;
  }
  return d;
}

void Dentries::grow() {
  buckets_.assign(std::max<size_t>(64, buckets_.size() * 2), nothing);
  for (DentryRef d = 0; d < dentries_.size(); ++d) {
    if (dentries_[d].parent == nothing) continue;
    DentryRef& bucket = buckets_[hash(dentries_[d].parent, name(d)) & (buckets_.size() - 1)];
    dentries_[d].hash_next = bucket;
    bucket = d;
  }
}

DentryRef Dentries::add(DentryRef parent, std::string_view text, DentryKind kind) {
  if (dentries_.size() >= buckets_.size()) grow();
  const auto d = static_cast<DentryRef>(dentries_.size());
  const Dentry& above = dentries_[parent];
  Dentry made{above.superblock,
              parent,
              static_cast<uint32_t>(bytes_.size()),
              static_cast<uint16_t>(text.size()),
              kind,
              static_cast<uint16_t>(above.depth + 1),
              nothing};
  bytes_ += text;
  DentryRef& bucket = buckets_[hash(parent, text) & (buckets_.size() - 1)];
  made.hash_next = bucket;
  bucket = d;
  dentries_.push_back(made);
  return d;
}

DentryRef Dentries::child(DentryRef parent, std::string_view text) {
  const DentryRef d = known(parent, text);
  if (d != nothing) return dentries_[d].kind == DentryKind::missing ? nothing : d;
  if (superblocks_[dentries_[parent].superblock].contents == Contents::made) return nothing;
  return add(parent, text, DentryKind::any);
}

DentryRef Dentries::make(DentryRef parent, std::string_view text, DentryKind kind) {
  const DentryRef d = known(parent, text);
  if (d == nothing) return add(parent, text, kind);
  DentryKind& kind_now = dentries_[d].kind;
  if (kind_now == DentryKind::any || kind_now == DentryKind::missing) kind_now = kind;
  return d;
}

std::string Dentries::path(DentryRef d) const {
  if (dentries_[d].parent == nothing) return "/";
  std::string text;
  for (; dentries_[d].parent != nothing; d = dentries_[d].parent) {
    text.insert(0, name(d));
    text.insert(0, "/");
  }
  return text;
}

bool Dentries::is_within(DentryRef d, DentryRef above) const {
  if (dentries_[d].superblock != dentries_[above].superblock) return false;
  while (dentries_[d].depth > dentries_[above].depth) d = dentries_[d].parent;
  return d == above;
}

}  // namespace mountc::kernel
