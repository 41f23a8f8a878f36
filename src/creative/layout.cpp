#include <adgenome/core/embedded.hpp>
#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/creative/layout.hpp>
#include <adgenome/creative/palette.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

namespace adgenome {
extern const std::span<const core::EmbeddedFile> layout_files;
}

namespace adgenome::creative {
namespace {

using Names = std::vector<std::string>;

const Names kElementKinds{"shape", "photo", "product", "stack"};
const Names kItemKinds{"headline",   "subheadline", "cta",    "label", "rating",
                       "benefits",   "pains",       "author", "badge", "logo",
                       "disclaimer", "quote_mark",  "rule"};
const Names kShapes{"rectangle", "circle", "arch", "blob", "wave", "slant"};
const Names kPatterns{"", "dots", "grid", "rays", "rings", "stripes"};
const Names kShadows{"none", "soft", "lifted"};
const Names kFonts{"display", "heavy", "bold", "medium", "body", "serif", "serif_bold"};
const Names kMarkers{"tick", "cross", "number", "dot"};
const Names kConditions{"",      "photo",      "no_photo",   "badge",      "no_badge",
                        "pains", "benefits_1", "benefits_2", "benefits_3", "benefits_4"};
const Names kAligns{"start", "center", "end"};
const Names kAnchors{"top", "middle", "bottom"};
const Names kFits{"contain", "cover"};

/// A value of a layout as one family of canvas sees it, with the place that it stands in.
class Node {
 public:
  Node(const core::Json& value, Aspect aspect, std::string file, std::string pointer)
      : value_(&value), aspect_(aspect), file_(std::move(file)), pointer_(std::move(pointer)) {
    if (!is_by_aspect(value)) return;
    // Which family's value stands in where one is absent.
    const Aspect order[] = {aspect_, aspect_ == Aspect::kStory ? Aspect::kPortrait : aspect_,
                            Aspect::kSquare};
    for (const Aspect candidate : order) {
      const std::string name(kAspectNames[static_cast<std::size_t>(candidate)]);
      if (!value.contains(name)) continue;
      value_ = &value.at(name);
      pointer_ += "/" + name;
      return;
    }
    fail("lacks a value for " + std::string(kAspectNames[static_cast<std::size_t>(aspect_)]));
  }

  [[noreturn]] void fail(const std::string& message) const {
    throw core::InvalidInput("layout: " + message, "", file_ + " " + pointer_);
  }

  bool is_null() const { return value_->is_null(); }
  bool is_object() const { return value_->is_object(); }
  bool is_string() const { return value_->is_string(); }

  bool has(const std::string& key) const { return value_->contains(key); }
  Node at(const std::string& key) const {
    if (!has(key)) fail("lacks \"" + key + "\"");
    return {value_->at(key), aspect_, file_, pointer_ + "/" + key};
  }

  std::vector<Node> list() const {
    if (!value_->is_array()) fail("expected a list");
    std::vector<Node> nodes;
    for (std::size_t i = 0; i < value_->size(); ++i) {
      nodes.push_back({value_->at(i), aspect_, file_, pointer_ + "/" + std::to_string(i)});
    }
    return nodes;
  }

  double number(double low, double high) const {
    if (!value_->is_number()) fail("expected a number");
    const double number = value_->get<double>();
    if (!(number >= low && number <= high)) {
      fail("expected a number from " + core::format_double(low) + " to " +
           core::format_double(high));
    }
    return number;
  }

  std::string string() const {
    if (!value_->is_string()) fail("expected a text");
    return value_->get<std::string>();
  }

  std::string one_of(std::span<const std::string> names) const {
    const std::string name = string();
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      fail("\"" + name + "\" is none of " + core::join(names, ", "));
    }
    return name;
  }

  void only(std::span<const std::string> keys) const {
    if (!value_->is_object()) fail("expected an object");
    for (const auto& member : value_->items()) {
      if (std::find(keys.begin(), keys.end(), member.key()) == keys.end()) {
        fail("has no member \"" + member.key() + "\"");
      }
    }
  }

  // Members that may be absent: the target keeps its value then.
  void read(const char* key, double& target, double low, double high) const {
    if (has(key)) target = at(key).number(low, high);
  }
  void read(const char* key, std::int64_t& target, std::int64_t low, std::int64_t high) const {
    if (has(key)) {
      target = static_cast<std::int64_t>(
          at(key).number(static_cast<double>(low), static_cast<double>(high)));
    }
  }
  void read(const char* key, std::string& target, std::span<const std::string> names) const {
    if (has(key)) target = at(key).one_of(names);
  }
  void read(const char* key, std::string& target) const {
    if (has(key)) target = at(key).string();
  }

 private:
  static bool is_by_aspect(const core::Json& value) {
    if (!value.is_object() || value.empty()) return false;
    for (const auto& member : value.items()) {
      if (std::find(kAspectNames.begin(), kAspectNames.end(), member.key()) == kAspectNames.end())
        return false;
    }
    return true;
  }

  const core::Json* value_;
  Aspect aspect_;
  std::string file_;
  std::string pointer_;
};

std::string read_role(const Node& node) {
  return node.one_of(palette_roles());
}

void read_role(const Node& node, const char* key, std::string& target) {
  if (node.has(key)) target = read_role(node.at(key));
}

RelativeBox read_box(const Node& node) {
  const std::vector<Node> values = node.list();
  if (values.size() != 4) node.fail("expected four numbers: x, y, width, height");
  const RelativeBox box{values[0].number(-1, 2), values[1].number(-1, 2), values[2].number(-1, 3),
                        values[3].number(-1, 3)};
  if (box.width <= 0 || box.height <= 0) node.fail("the box has no area");
  return box;
}

bool is_inside_canvas(const RelativeBox& box) {
  constexpr double kSlack = 1e-9;
  return box.x >= -kSlack && box.y >= -kSlack && box.x + box.width <= 1 + kSlack &&
         box.y + box.height <= 1 + kSlack;
}

/// "role", or {"colors": [role, ...], "angle", "opacity": [start, end], "pattern", ...}.
Fill read_fill(const Node& node) {
  Fill fill;
  if (node.is_string()) {
    fill.roles = {read_role(node)};
    return fill;
  }
  static const Names keys{"colors",  "angle",        "opacity",
                          "pattern", "pattern_role", "pattern_opacity"};
  node.only(keys);
  if (node.has("colors")) {
    for (const Node& color : node.at("colors").list()) fill.roles.push_back(read_role(color));
  }
  node.read("angle", fill.angle, 0, 360);
  if (node.has("opacity")) {
    const std::vector<Node> ends = node.at("opacity").list();
    if (ends.size() != 2) node.at("opacity").fail("expected two numbers: start and end");
    fill.start_opacity = ends[0].number(0, 1);
    fill.end_opacity = ends[1].number(0, 1);
  }
  node.read("pattern", fill.pattern, kPatterns);
  read_role(node, "pattern_role", fill.pattern_role);
  node.read("pattern_opacity", fill.pattern_opacity, 0, 1);
  return fill;
}

/// What a kind of text looks like where the layout does not say otherwise.
struct DefaultStyle {
  std::string_view kind;
  std::string_view font;
  double max_size;
  double min_size;
  std::int64_t max_lines;
  double line_spacing;
  double letter_spacing;
};
constexpr DefaultStyle kDefaultStyles[] = {
    {"headline", "display", 0.1, 0.034, 4, 0.92, -0.012},
    {"subheadline", "body", 0.036, 0.024, 3, 1.08, 0},
    {"cta", "bold", 0.036, 0.024, 1, 1.1, 0},
    {"label", "bold", 0.026, 0.02, 1, 1.1, 0},
    {"author", "bold", 0.026, 0.02, 1, 1.1, 0},
    {"badge", "heavy", 0.036, 0.022, 3, 0.9, 0},
    {"benefits", "medium", 0.034, 0.024, 2, 1.02, 0},
    {"pains", "medium", 0.034, 0.024, 2, 1.02, 0},
    {"disclaimer", "body", 0.018, 0.016, 2, 1.16, 0},
    {"rating", "medium", 0.028, 0.02, 1, 1.1, 0},
};

TextStyle default_style(const std::string& kind) {
  TextStyle style;
  for (const DefaultStyle& row : kDefaultStyles) {
    if (row.kind != kind) continue;
    style.font = row.font;
    style.max_size = row.max_size;
    style.min_size = row.min_size;
    style.max_lines = row.max_lines;
    style.line_spacing = row.line_spacing;
    style.letter_spacing = row.letter_spacing;
  }
  return style;
}

TextStyle read_style(const Node& node, TextStyle style) {
  node.read("font", style.font, kFonts);
  node.read("size", style.max_size, 0.01, 0.5);
  style.min_size = std::min(style.min_size, style.max_size);
  node.read("min_size", style.min_size, 0.01, 0.5);
  if (style.min_size > style.max_size) node.at("min_size").fail("is above the size");
  node.read("lines", style.max_lines, 1, 12);
  if (node.has("ink")) {
    Names names{"auto"};
    names.insert(names.end(), palette_roles().begin(), palette_roles().end());
    style.ink = node.at("ink").one_of(names);
  }
  read_role(node, "highlight", style.highlight);
  if (node.has("upper")) style.is_upper = node.at("upper").number(0, 1) > 0;
  node.read("letter_spacing", style.letter_spacing, -0.1, 0.5);
  node.read("line_spacing", style.line_spacing, 0.8, 2);
  return style;
}

Item read_item(const Node& node) {
  static const Names keys{"kind",   "font",   "size",           "min_size",     "lines",
                          "ink",    "upper",  "letter_spacing", "line_spacing", "highlight",
                          "text",   "marker", "color",          "first",        "most",
                          "radius", "gap",    "height"};
  node.only(keys);
  Item item;
  item.kind = node.at("kind").one_of(kItemKinds);
  item.style = read_style(node, default_style(item.kind));
  node.read("text", item.text);
  if (item.kind == "label" && item.text.empty()) node.fail("a label needs a \"text\"");
  node.read("marker", item.marker, kMarkers);
  read_role(node, "color", item.color);
  node.read("first", item.first, 1, 8);
  node.read("most", item.most, 1, 8);
  node.read("radius", item.radius, 0, 1);
  node.read("gap", item.gap_before, 0, 0.5);
  if (node.has("height")) item.height = node.at("height").number(0.001, 0.5);
  return item;
}

void check_text_area(const Node& node, const RelativeBox& box, Aspect aspect) {
  if (!is_inside_canvas(box)) node.fail("text outside the canvas");
  if (aspect == Aspect::kStory &&
      (box.y < kStorySafeTop || box.y + box.height > 1 - kStorySafeBottom)) {
    node.fail("text where the platform covers a story (top 14 %, bottom 20 %)");
  }
}

std::optional<Element> read_element(const Node& node, Aspect aspect) {
  static const Names keys{"kind",     "box",    "fill",   "shape",        "radius", "opacity",
                          "rotation", "shadow", "stroke", "stroke_width", "when",   "fit",
                          "align",    "anchor", "gap",    "items",        "card"};
  node.only(keys);
  Element element;
  element.kind = node.at("kind").one_of(kElementKinds);
  if (node.has("box")) {
    const Node box = node.at("box");
    if (box.is_null()) return std::nullopt;
    element.box = read_box(box);
  }
  if (node.has("fill")) element.fill = read_fill(node.at("fill"));
  node.read("shape", element.shape, kShapes);
  node.read("radius", element.radius, 0, 0.5);
  node.read("opacity", element.opacity, 0, 1);
  node.read("rotation", element.rotation, -180, 180);
  node.read("shadow", element.shadow, kShadows);
  read_role(node, "stroke", element.stroke);
  node.read("stroke_width", element.stroke_width, 0.0005, 0.1);
  node.read("when", element.when, kConditions);
  node.read("fit", element.fit, kFits);
  node.read("align", element.align, kAligns);
  node.read("anchor", element.anchor, kAnchors);
  node.read("gap", element.gap, 0, 0.5);
  if (element.kind == "stack") {
    for (const Node& item : node.at("items").list()) {
      if (!item.is_null()) element.items.push_back(read_item(item));
    }
    if (element.items.empty()) node.at("items").fail("is empty");
    if (node.has("card") && !node.at("card").is_null()) element.card = read_box(node.at("card"));
    check_text_area(node.has("box") ? node.at("box") : node, element.box, aspect);
  } else if (node.has("items")) {
    node.at("items").fail("only a stack has items");
  } else if (node.has("card")) {
    node.at("card").fail("only a stack has a card");
  }
  return element;
}

bool has_headline(const std::vector<Element>& elements) {
  return std::any_of(elements.begin(), elements.end(), [](const Element& element) {
    return std::any_of(element.items.begin(), element.items.end(),
                       [](const Item& item) { return item.kind == "headline"; });
  });
}

constexpr std::string_view kSuffix = ".json";

}  // namespace

Aspect aspect_of(std::int64_t width, std::int64_t height) {
  const double ratio = static_cast<double>(width) / static_cast<double>(height);
  if (ratio >= 1.3) return Aspect::kWide;
  if (ratio >= 0.9) return Aspect::kSquare;
  return ratio >= 0.65 ? Aspect::kPortrait : Aspect::kStory;
}

Layout parse_layout(const core::Json& document, const std::string& where) {
  Layout layout;
  for (std::size_t i = 0; i < kAspectNames.size(); ++i) {
    const auto aspect = static_cast<Aspect>(i);
    const Node root(document, aspect, where, "");
    static const Names keys{"name", "version", "elements"};
    root.only(keys);
    layout.name = root.at("name").string();
    root.read("version", layout.version, 1, 1'000'000);
    for (const Node& node : root.at("elements").list()) {
      if (const auto element = read_element(node, aspect)) layout.elements[i].push_back(*element);
    }
    if (!has_headline(layout.elements[i])) {
      root.at("elements").fail("no headline for " + std::string(kAspectNames[i]));
    }
  }
  return layout;
}

std::vector<LayoutArea> text_areas(const Layout& layout, Aspect aspect) {
  std::vector<LayoutArea> areas;
  for (const Element& element : layout.of(aspect)) {
    if (element.kind != "stack") continue;
    LayoutArea& area = areas.emplace_back(LayoutArea{.roles = {}, .box = element.box});
    for (const Item& item : element.items) {
      // Rows of a list have roles of their own; a brand without a logo has its name there.
      const bool is_label = item.kind == "pains" || item.kind == "logo" || item.kind == "rating";
      area.roles.push_back(item.kind == "benefits" ? "benefit" : is_label ? "label" : item.kind);
    }
  }
  return areas;
}

std::vector<std::string> layout_names() {
  std::vector<std::string> names;
  for (const core::EmbeddedFile& file : layout_files) {
    names.emplace_back(file.name.substr(0, file.name.size() - kSuffix.size()));
  }
  return names;
}

std::optional<Layout> find_layout(std::string_view name) {
  for (const core::EmbeddedFile& file : layout_files) {
    if (file.name.substr(0, file.name.size() - kSuffix.size()) != name) continue;
    const std::string where = "layouts/" + std::string(file.name);
    return parse_layout(core::parse_json(file.bytes, where), where);
  }
  return std::nullopt;
}

Layout layout_of(const core::Json& value, std::string_view category, const std::string& where) {
  if (value.is_object()) return parse_layout(value, where);
  if (value.is_null()) {
    std::string name = core::to_lower(category);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == ' ' || c == '_'; }, '-');
    if (auto layout = find_layout(name)) return *layout;
    return *find_layout("product-focus");
  }
  if (!value.is_string()) {
    throw core::InvalidInput("a layout is a name or an object", "", where + " /layout");
  }
  const std::string name = value.get<std::string>();
  if (auto layout = find_layout(name)) return *layout;
  const std::vector<std::string> names = layout_names();
  const auto near = core::nearest(name, names);
  throw core::InvalidInput(
      "no layout \"" + name + "\"",
      near ? "did you mean " + *near + "?" : "there are " + core::join(names, ", "),
      where + " /layout");
}

}  // namespace adgenome::creative
