#include "meta_graph.hpp"

#include <adgenome/providers/meta.hpp>
#include <algorithm>
#include <utility>

#include "meta_errors.hpp"

namespace adgenome::providers {
namespace {

using core::InvalidInput;
using core::ProviderError;
using core::RecordView;

constexpr int kMostRowsPerPage = 500;
constexpr int kFewestRowsPerPage = 25;

/// Where the next page begins; empty where there is none.
std::string cursor_after(const RecordView& root) {
  root.at("data");
  const auto paging = root.find("paging");
  if (!paging || !paging->find("next")) return "";
  const auto cursors = paging->find("cursors");
  const auto after = cursors ? cursors->optional_string("after") : std::nullopt;
  if (!after || after->empty()) paging->fail("a next page without a cursor");
  return *after;
}

}  // namespace

MetaGraph::MetaGraph(Client& client, Secret token, const std::string& address)
    : client_(client), token_(std::move(token)), address_(checked_address(address)) {}

std::string MetaGraph::get(const std::string& path, const NamedTexts& question) {
  return call({.url = url(path) + "?" + form_encode(question)});
}

std::string MetaGraph::post(const std::string& path, const NamedTexts& question) {
  HttpRequest request{.method = "POST", .url = url(path), .body = form_encode(question)};
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  return call(std::move(request));
}

void MetaGraph::pages(const std::string& path, const NamedTexts& question,
                      const std::function<void(std::string)>& take) {
  int rows = kMostRowsPerPage;
  std::string after;
  for (;;) {
    NamedTexts page_question = question;
    page_question.emplace_back("limit", std::to_string(rows));
    if (!after.empty()) page_question.emplace_back("after", after);
    auto page = get_unless_too_much(path, page_question, rows);
    if (!page) {
      rows = std::max(rows / 2, kFewestRowsPerPage);
      continue;
    }
    const std::string next = read(path, *page, cursor_after);
    take(*std::move(page));
    if (next.empty()) return;
    if (next == after) throw ProviderError(shown(path) + ": the list of pages never ends");
    after = next;
  }
}

std::string MetaGraph::url(const std::string& path) const {
  return address_ + "/" + kMetaVersion + "/" + path;
}

std::optional<std::string> MetaGraph::get_unless_too_much(const std::string& path,
                                                          const NamedTexts& question, int rows) {
  try {
    return get(path, question);
  } catch (const TooMuchData&) {
    if (rows > kFewestRowsPerPage) return std::nullopt;
    throw;
  }
}

std::string MetaGraph::call(HttpRequest request) {
  slow_down();
  request.headers.emplace_back("Authorization", "Bearer " + token_.reveal());
  return client_.call(request, [&](const HttpResponse& answer) { return judge(request, answer); })
      .body;
}

/// Near the limit calls are spread; at the limit the time is waited that Meta says.
void MetaGraph::slow_down() {
  const MetaUsage usage = std::exchange(usage_, {});
  if (usage.until_access) {
    client_.wait_out_throttling(*usage.until_access, "the calls that Meta allows are used up");
  } else {
    client_.pause(pause_at(usage.percent));
  }
}

std::optional<Retry> MetaGraph::judge(const HttpRequest& request, const HttpResponse& response) {
  usage_ = meta_usage(response);
  const std::string name = request.method + " " + shown_url(request.url);
  std::optional<MetaError> error;
  try {
    const JsonAnswer answer(response.body, name);
    if (const auto found = answer.root().find("error")) error = meta_error(*found);
  } catch (const InvalidInput&) {
    // A page of a proxy, a cut document: only the status says something.
    if (auto retry = retry_by_status(response)) return retry;
    if (response.status >= 300) {
      throw ProviderError(name + ": HTTP status " + std::to_string(response.status) +
                          " and no answer of the API");
    }
    return Retry{.reason = "an answer that is not JSON"};
  }
  if (!error) {
    if (response.status < 300) return std::nullopt;
    if (auto retry = retry_by_status(response)) return retry;
    throw ProviderError(name + ": HTTP status " + std::to_string(response.status));
  }
  const std::string shown = masked(error->shown());
  switch (error->kind()) {
    case MetaError::Kind::kPassing:
      return Retry{.reason = shown};
    case MetaError::Kind::kThrottled: {
      const MetaUsage usage = std::exchange(usage_, {});
      const auto after = retry_after(response);
      return Retry{.reason = shown,
                   .is_throttled = true,
                   .wait = usage.until_access ? usage.until_access : after};
    }
    case MetaError::Kind::kTooMuch:
      throw TooMuchData(name + ": " + shown);
    default:
      throw ProviderError("Meta refuses " + name + ": " + shown, error->hint());
  }
}

}  // namespace adgenome::providers
