// What both stores keep of receipts, and of the member himself.
#include <gtest/gtest.h>

#include "unit/client/stores.h"

namespace enishi::client {
namespace {

using namespace scene;

template <class Kind>
class PeopleStore : public OnEachStore<Kind> {
 protected:
  static v1::Receipt receipt(const std::string& handle, std::uint64_t delivered, std::uint64_t read) {
    v1::Receipt made;
    made.set_handle(handle);
    made.set_delivered_seq(delivered);
    made.set_read_seq(read);
    return made;
  }
  static v1::Person person(const std::string& name) {
    v1::Person made;
    made.set_handle("me");
    made.set_name(name);
    return made;
  }
  std::string name() { return this->replica_.self()->name(); }
  void put_self(const std::string& name, std::uint64_t rseq) {
    SyncPoint point;
    point.rseq = rseq;
    ASSERT_TRUE(this->replica_.put_self(person(name), point));
  }
};
TYPED_TEST_SUITE(PeopleStore, StoreKinds);

TYPED_TEST(PeopleStore, ReceiptsByHandleAndTheGreaterStands) {
  auto& replica = this->replica_;
  ASSERT_TRUE(replica.apply_receipts(id(kChat), {this->receipt("cho", 4, 0), this->receipt("ben", 3, 2)}, 0));
  const auto named = replica.apply_receipts(id(kChat), {this->receipt("ben", 2, 3)}, 0);
  ASSERT_TRUE(named);
  EXPECT_EQ(*named, (std::vector<ReceiptRow>{{"ben", 3, 3}}));
  EXPECT_EQ(*replica.receipts(id(kChat)), (std::vector<ReceiptRow>{{"ben", 3, 3}, {"cho", 4, 0}}));
  EXPECT_TRUE(replica.receipts(id(0x45))->empty()) << "of another conversation";
  EXPECT_TRUE(replica.apply_receipts(id(kChat), {this->receipt("ben", 9, 9)}, 7)->empty());
  EXPECT_EQ(replica.receipts(id(kChat))->front().delivered, 3U) << "another epoch's is not kept";
  ASSERT_TRUE(replica.start_over(0));
  EXPECT_TRUE(replica.receipts(id(kChat))->empty());
}

TYPED_TEST(PeopleStore, TheMemberHimself) {
  EXPECT_EQ(this->name(), "");
  this->put_self("Aki", 3);
  EXPECT_EQ(this->name(), "Aki");
  this->put_self("Older", 2);
  EXPECT_EQ(this->name(), "Aki") << "what was written behind that number is newer";
  this->put_self("Newer", 3);
  EXPECT_EQ(this->name(), "Newer");
  Delta delta;
  auto& entry = delta.registers.emplace_back();
  entry.set_kind(v1::REGISTER_KIND_PROFILE);
  entry.set_rseq(4);
  *entry.mutable_person() = this->person("By register");
  ASSERT_EQ(*this->replica_.apply(delta, {}), Applied::stored);
  EXPECT_EQ(this->name(), "By register");
}

}  // namespace
}  // namespace enishi::client
