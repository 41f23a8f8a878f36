#pragma once

#include <adgenome/core/error.hpp>
#include <adgenome/core/records.hpp>
#include <adgenome/providers/client.hpp>
#include <adgenome/providers/secret.hpp>
#include <functional>
#include <optional>
#include <string>

#include "json_answer.hpp"
#include "meta_usage.hpp"

namespace adgenome::providers {

/// Calls of Meta's Graph API, whatever they ask: addresses, token, errors, usage, pages. Answers
/// are the text of one JSON object without an "error".
class MetaGraph {
 public:
  MetaGraph(Client& client, Secret token, const std::string& address);

  Client& client() { return client_; }

  std::string get(const std::string& path, const NamedTexts& question);
  std::string post(const std::string& path, const NamedTexts& question);

  /// Every page of a list. One that is too large is asked for again with fewer rows.
  void pages(const std::string& path, const NamedTexts& question,
             const std::function<void(std::string page)>& take);

  /// Gives the document to `body`: what is not as documented is the provider's fault, not the
  /// user's.
  template <class Body>
  auto read(const std::string& path, const std::string& text, Body body) const {
    try {
      return body(JsonAnswer(text, shown(path)).root());
    } catch (const core::InvalidInput& error) {
      throw core::ProviderError(std::string("an answer that cannot be used: ") + error.what(), "",
                                error.where());
    }
  }

  /// What Meta says, without the token.
  std::string masked(std::string text) const { return token_.masked_in(std::move(text)); }
  /// The address of a call as errors show it.
  std::string shown(const std::string& path) const { return shown_url(url(path)); }

 private:
  std::string url(const std::string& path) const;
  std::string call(HttpRequest request);
  std::optional<std::string> get_unless_too_much(const std::string& path,
                                                 const NamedTexts& question, int rows);
  void slow_down();
  std::optional<Retry> judge(const HttpRequest& request, const HttpResponse& response);

  Client& client_;
  Secret token_;
  std::string address_;
  MetaUsage usage_;  // as the last answer said
};

}  // namespace adgenome::providers
