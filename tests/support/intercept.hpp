#pragma once

#include <adgenome/store/session.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace adgenome::testing {

/// Stands between the program and the database: hears of every statement before it is run, and may
/// throw in its place.
class Intercepted : public store::Connection {
 public:
  using Hook = std::function<void(store::Connection& inner, std::string_view sql,
                                  std::span<const store::Value> parameters)>;

  Intercepted(std::unique_ptr<store::Connection> inner, Hook hook)
      : inner_(std::move(inner)), hook_(std::move(hook)) {}

  store::Backend backend() const override { return inner_->backend(); }
  std::int64_t execute(std::string_view sql, std::span<const store::Value> parameters) override {
    hook_(*inner_, sql, parameters);
    return inner_->execute(sql, parameters);
  }
  void query(std::string_view sql, std::span<const store::Value> parameters,
             const std::function<void(const store::Row&)>& visit) override {
    hook_(*inner_, sql, parameters);
    inner_->query(sql, parameters, visit);
  }
  std::unique_ptr<store::BulkInsert> bulk_insert(const std::string& table,
                                                 const std::vector<std::string>& columns) override {
    hook_(*inner_, "COPY " + table, {});
    return inner_->bulk_insert(table, columns);
  }
  void run(std::string_view sql) override {
    hook_(*inner_, sql, {});
    inner_->run(sql);
  }
  void begin() override {
    hook_(*inner_, "BEGIN", {});
    inner_->begin();
  }
  void begin_snapshot() override {
    hook_(*inner_, "BEGIN", {});
    inner_->begin_snapshot();
  }
  void commit() override {
    hook_(*inner_, "COMMIT", {});
    inner_->commit();
  }
  void rollback() override { inner_->rollback(); }
  void lock(std::string_view name) override { inner_->lock(name); }
  std::string_view for_update_skip_locked() const override {
    return inner_->for_update_skip_locked();
  }
  std::vector<std::string> tables() override { return inner_->tables(); }
  std::vector<std::string> schema_objects() override { return inner_->schema_objects(); }
  std::vector<std::string> objects_made_by(std::span<const std::string> statements) override {
    return inner_->objects_made_by(statements);
  }

 private:
  std::unique_ptr<store::Connection> inner_;
  Hook hook_;
};

/// Every session that is opened while this lives passes through the hook.
class Interception {
 public:
  explicit Interception(Intercepted::Hook hook) {
    store::set_connection_filter([hook](std::unique_ptr<store::Connection> inner) {
      return std::make_unique<Intercepted>(std::move(inner), hook);
    });
  }
  ~Interception() { store::set_connection_filter(nullptr); }
  Interception(const Interception&) = delete;
  Interception& operator=(const Interception&) = delete;
};

}  // namespace adgenome::testing
