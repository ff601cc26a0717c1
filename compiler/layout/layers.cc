// compiler/layout/layers.cc - which filesystems are layers of others, `in(NAME)` among options,
// and how high that gets.
#include <algorithm>

#include "compiler/layout/resolver.h"

namespace mountc {
namespace {

class Layers {
 public:
  explicit Layers(Resolver& r) : r_(r), superblocks_(r.layout.superblocks) {}

  void bind() {
    for (Superblock& superblock : superblocks_) {
      for (SuperblockOption& option : superblock.options) {
        for (Layer& layer : option.layers) {
          const std::string& name = option.values[layer.index];
          const auto found = r_.filesystems.find(name);
          if (found == r_.filesystems.end()) {
            report_undeclared(r_, layer.span, "filesystem", name, r_.filesystems);
          } else {
            layer.superblock = found->second;
          }
        }
      }
    }
  }

  // What is made of layers exists after them; and overlays lie on each other.
  void check() {
    depth_.assign(superblocks_.size(), unknown);
    for (SuperblockId s = 0; s < superblocks_.size(); ++s) follow(s);
  }

 private:
  // How many overlays lie on each other in it.
  static constexpr uint8_t unknown = 255, busy = 254;
  // Linux include/linux/fs.h FILESYSTEM_MAX_STACK_DEPTH.
  static constexpr uint8_t depth_max = 2;

  struct Edge {
    SuperblockId from;
    const Layer* layer;
  };

  std::vector<Edge> edges(SuperblockId s) const {
    std::vector<Edge> all;
    for (const SuperblockOption& option : superblocks_[s].options) {
      for (const Layer& layer : option.layers) {
        if (layer.superblock != none) all.push_back({s, &layer});
      }
    }
    std::ranges::reverse(all);  // the first one is taken first
    return all;
  }

  // On a stack of its own: a chain may be longer than the program's.
  void follow(SuperblockId start) {
    if (depth_[start] != unknown) return;
    depth_[start] = busy;
    std::vector<std::vector<Edge>> pending = {edges(start)};
    SuperblockId s = start;
    for (;;) {
      if (pending.back().empty()) {
        settle(s);
        pending.pop_back();
        if (pending.empty()) return;
        s = chain_.back().from;
        chain_.pop_back();
        continue;
      }
      const Edge edge = pending.back().back();
      pending.back().pop_back();
      const SuperblockId layer = edge.layer->superblock;
      if (depth_[layer] == unknown) {
        chain_.push_back(edge);
        depth_[layer] = busy;
        pending.push_back(edges(layer));
        s = layer;
      } else if (depth_[layer] == busy) {
        chain_.push_back(edge);
        report(std::ranges::find(chain_, layer, &Edge::from));
        chain_.pop_back();
      }
    }
  }

  // All layers of s are known.
  void settle(SuperblockId s) {
    uint8_t depth = 0;
    const Layer* deepest = nullptr;
    for (const Edge& edge : edges(s)) {
      const uint8_t below = depth_[edge.layer->superblock];
      if (below == busy || below < depth || (deepest && below == depth)) continue;
      depth = below;
      deepest = edge.layer;
    }
    if (superblocks_[s].type == "overlay" && depth <= depth_max) ++depth;
    if (superblocks_[s].type == "overlay" && deepest && depth == depth_max + 1 &&
        depth_[deepest->superblock] == depth_max) {
      const Superblock& self = superblocks_[s];
      r_.diagnostics
          .report<rule::overlays_too_deep>(deepest->span,
                                           self.name.empty() ? self.type : self.name)
          .note(superblocks_[deepest->superblock].span,
                "this layer is an overlay on an overlay");
    }
    depth_[s] = depth;
  }

  void report(std::vector<Edge>::iterator first) {
    const auto name = [this](SuperblockId s) { return superblocks_[s].name; };
    Diagnostic& diagnostic = r_.diagnostics.report<rule::layer_cycle>(
        first->layer->span, name(first->from), name(chain_.back().from));
    for (auto edge = first; edge != chain_.end(); ++edge) {
      diagnostic.note(edge->layer->span, "`{}` is a layer of `{}` here",
                      name(edge->layer->superblock), name(edge->from));
    }
  }

  Resolver& r_;
  std::vector<Superblock>& superblocks_;
  std::vector<Edge> chain_;
  std::vector<uint8_t> depth_;  // by superblock
};

}  // namespace

void bind_layers(Resolver& r) {
  Layers layers(r);
  layers.bind();
  layers.check();
}

}  // namespace mountc
