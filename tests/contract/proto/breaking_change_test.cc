#include "tests/contract/proto/breaking_change.h"

#include <google/protobuf/text_format.h>

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::contract {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using testing::ElementsAre;
using testing::IsEmpty;

FileDescriptorSet Contract() {
  FileDescriptorSet set;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(file {
           name: "a.proto" package: "p"
           message_type {
             name: "M"
             field { name: "id" number: 1 type: TYPE_STRING
                     label: LABEL_OPTIONAL }
             field { name: "n" number: 2 type: TYPE_INT32
                     label: LABEL_OPTIONAL oneof_index: 0 }
             oneof_decl { name: "kind" }
             nested_type { name: "Inner" }
             enum_type { name: "Deep" value { name: "Z" number: 0 } }
           }
           enum_type { name: "E" value { name: "A" number: 0 }
                       value { name: "B" number: 1 } }
           service { name: "S"
             method { name: "Do" input_type: ".p.M" output_type: ".p.M" } }
         })",
      &set));
  return set;
}

using Change = std::function<void(FileDescriptorProto&)>;

std::vector<std::string> After(const Change& change) {
  FileDescriptorSet now = Contract();
  change(*now.mutable_file(0));
  return BreakingChanges(Contract(), now);
}

FieldDescriptorProto* FirstField(FileDescriptorProto& file) {
  return file.mutable_message_type(0)->mutable_field(0);
}

TEST(BreakingChangesTest, TheSameIsNoBreak) {
  EXPECT_THAT(BreakingChanges(Contract(), Contract()), IsEmpty());
}

TEST(BreakingChangesTest, WhatIsAddedBreaksNothing) {
  EXPECT_THAT(After([](FileDescriptorProto& file) {
                DescriptorProto* message = file.mutable_message_type(0);
                FieldDescriptorProto* field = message->add_field();
                field->set_name("more");
                field->set_number(3);
                message->add_nested_type()->set_name("Other");
                auto* value = file.mutable_enum_type(0)->add_value();
                value->set_name("C");
                value->set_number(2);
                file.mutable_service(0)->add_method()->set_name("More");
                file.add_service()->set_name("T");
                file.add_message_type()->set_name("N");
              }),
              IsEmpty());
}

TEST(BreakingChangesTest, EachKindOfBreakIsNamed) {
  const std::vector<std::pair<Change, std::string>> changes = {
      {[](auto& file) { file.set_name("b.proto"); }, "file a.proto is gone"},
      {[](auto& file) { file.set_package("q"); },
       "the package of a.proto has changed"},
      {[](auto& file) { file.clear_message_type(); }, "message M is gone"},
      {[](auto& file) { file.mutable_message_type(0)->clear_nested_type(); },
       "message M.Inner is gone"},
      {[](auto& file) { file.mutable_message_type(0)->clear_enum_type(); },
       "enum M.Deep is gone"},
      {[](auto& file) { FirstField(file)->set_number(9); },
       "field M.id (1) is gone"},
      {[](auto& file) { FirstField(file)->set_name("uid"); },
       "field M.id is called uid now"},
      {[](auto& file) {
         FirstField(file)->set_type(FieldDescriptorProto::TYPE_BYTES);
       },
       "field M.id has another type"},
      {[](auto& file) {
         FirstField(file)->set_label(FieldDescriptorProto::LABEL_REPEATED);
       },
       "field M.id has another label"},
      {[](auto& file) { FirstField(file)->set_proto3_optional(true); },
       "field M.id tells its presence in another way"},
      {[](auto& file) { FirstField(file)->set_oneof_index(0); },
       "field M.id is in another oneof"},
      {[](auto& file) { file.clear_enum_type(); }, "enum E is gone"},
      {[](auto& file) {
         file.mutable_enum_type(0)->mutable_value()->RemoveLast();
       },
       "value E.B is gone"},
      {[](auto& file) {
         file.mutable_enum_type(0)->mutable_value(1)->set_name("X");
       },
       "value E.B is called X now"},
      {[](auto& file) { file.clear_service(); }, "service S is gone"},
      {[](auto& file) { file.mutable_service(0)->clear_method(); },
       "rpc S.Do is gone"},
      {[](auto& file) {
         file.mutable_service(0)->mutable_method(0)->set_input_type(".p.N");
       },
       "rpc S.Do takes another message"},
      {[](auto& file) {
         file.mutable_service(0)->mutable_method(0)->set_output_type(".p.N");
       },
       "rpc S.Do gives another message"},
      {[](auto& file) {
         file.mutable_service(0)->mutable_method(0)->set_server_streaming(true);
       },
       "rpc S.Do streams in another way"},
  };
  for (const auto& [change, broken] : changes) {
    EXPECT_THAT(After(change), ElementsAre(broken));
  }
}

}  // namespace
}  // namespace landwaiter::contract
