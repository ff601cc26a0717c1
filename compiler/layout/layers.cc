// compiler/layout/layers.cc - which filesystems are layers of others: `in(NAME)` among options.
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

  // What is made of layers exists after them.
  void check_cycles() {
    done_.assign(superblocks_.size(), false);
    for (SuperblockId s = 0; s < superblocks_.size(); ++s) follow(s);
  }

 private:
  struct Edge {
    SuperblockId from;
    const Layer* layer;
  };

  void follow(SuperblockId s) {
    const auto first = std::ranges::find(chain_, s, &Edge::from);
    if (first != chain_.end()) return report(first);
    if (done_[s]) return;
    for (const SuperblockOption& option : superblocks_[s].options) {
      for (const Layer& layer : option.layers) {
        if (layer.superblock == none) continue;
        chain_.push_back({s, &layer});
        follow(layer.superblock);
        chain_.pop_back();
      }
    }
    done_[s] = true;
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
  std::vector<bool> done_;
};

}  // namespace

void bind_layers(Resolver& r) {
  Layers layers(r);
  layers.bind();
  layers.check_cycles();
}

}  // namespace mountc
