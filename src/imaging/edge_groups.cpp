#include "edge_groups.hpp"

#include <adgenome/imaging/measures.hpp>
#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace adgenome::imaging {
namespace {

using creative::Box;

constexpr int kSide = 720;  // pixels of the shorter side on which edges are looked at
constexpr int kCell = 4;    // of those pixels
constexpr int kStep = 24;   // of gray values between neighbours: an edge

/// Cells of a grid that hold edges.
struct Grid {
  int width = 0;
  int height = 0;
  std::vector<int> edges;

  int& at(int x, int y) {
    return edges[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                 static_cast<std::size_t>(x)];
  }
};

Grid edge_grid(const Gray& gray) {
  Grid grid{(gray.width + kCell - 1) / kCell, (gray.height + kCell - 1) / kCell, {}};
  grid.edges.resize(static_cast<std::size_t>(grid.width) * static_cast<std::size_t>(grid.height));
  for (int y = 0; y + 1 < gray.height; ++y) {
    for (int x = 0; x + 1 < gray.width; ++x) {
      const int across = std::abs(gray.at(x + 1, y) - gray.at(x, y));
      const int down = std::abs(gray.at(x, y + 1) - gray.at(x, y));
      if (std::max(across, down) >= kStep) ++grid.at(x / kCell, y / kCell);
    }
  }
  return grid;
}

/// A group of cells with edges that hang together, in cells.
struct Group {
  int left, top, right, bottom;
  int cells = 0;
  int edges = 0;
};

std::vector<Group> groups_of(Grid grid) {
  std::vector<Group> groups;
  for (int y = 0; y < grid.height; ++y) {
    for (int x = 0; x < grid.width; ++x) {
      if (grid.at(x, y) == 0) continue;
      Group group{x, y, x, y};
      std::vector<std::pair<int, int>> open{{x, y}};
      while (!open.empty()) {
        const auto [cx, cy] = open.back();
        open.pop_back();
        if (grid.at(cx, cy) == 0) continue;
        group.edges += grid.at(cx, cy);
        ++group.cells;
        grid.at(cx, cy) = 0;
        group.left = std::min(group.left, cx);
        group.right = std::max(group.right, cx);
        group.top = std::min(group.top, cy);
        group.bottom = std::max(group.bottom, cy);
        // Letters of a name stand apart: two cells to the sides, one up and down.
        for (int dy = -1; dy <= 1; ++dy) {
          for (int dx = -3; dx <= 3; ++dx) {
            const int nx = cx + dx;
            const int ny = cy + dy;
            if (nx >= 0 && ny >= 0 && nx < grid.width && ny < grid.height && grid.at(nx, ny) > 0)
              open.emplace_back(nx, ny);
          }
        }
      }
      groups.push_back(group);
    }
  }
  return groups;
}

}  // namespace

std::vector<Box> edge_groups(const Image& picture) {
  const double scale = static_cast<double>(kSide) / std::min(picture.width, picture.height);
  const Gray gray = resized(gray_of(picture, {0, 0, static_cast<double>(picture.width),
                                              static_cast<double>(picture.height)}),
                            std::max(1, static_cast<int>(std::lround(picture.width * scale))),
                            std::max(1, static_cast<int>(std::lround(picture.height * scale))));
  const double cell = kCell / scale;
  std::vector<Box> boxes;
  for (const Group& group : groups_of(edge_grid(gray))) {
    boxes.push_back({group.left * cell, group.top * cell, (group.right - group.left + 1) * cell,
                     (group.bottom - group.top + 1) * cell});
  }
  return boxes;
}

}  // namespace adgenome::imaging
