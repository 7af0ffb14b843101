#include "tests/contract/proto/breaking_change.h"

#include "core/base/strings.h"

namespace landwaiter::contract {
namespace {

using base::StrCat;
using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::EnumValueDescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using google::protobuf::MethodDescriptorProto;
using google::protobuf::ServiceDescriptorProto;

// The element of a repeated field with this name; nullptr if there is none.
template <typename List>
const typename List::value_type* Named(const List& list,
                                       const std::string& name) {
  for (const auto& element : list) {
    if (element.name() == name) return &element;
  }
  return nullptr;
}

template <typename List>
const typename List::value_type* Numbered(const List& list, int number) {
  for (const auto& element : list) {
    if (element.number() == number) return &element;
  }
  return nullptr;
}

// The name of the oneof that a field is in, empty if it is in none.
std::string OneofOf(const DescriptorProto& message,
                    const FieldDescriptorProto& field) {
  return field.has_oneof_index()
             ? message.oneof_decl(field.oneof_index()).name()
             : std::string();
}

class Comparison {
 public:
  std::vector<std::string> broken;

  void Files(const FileDescriptorSet& before, const FileDescriptorSet& now) {
    for (const FileDescriptorProto& old : before.file()) {
      const FileDescriptorProto* file = Named(now.file(), old.name());
      if (!Kept(file, StrCat("file ", old.name()))) continue;
      if (old.package() != file->package()) {
        Break(StrCat("the package of ", old.name()), "has changed");
      }
      Messages(old.message_type(), file->message_type(), "");
      Enums(old.enum_type(), file->enum_type(), "");
      for (const ServiceDescriptorProto& service : old.service()) {
        Service(service, Named(file->service(), service.name()));
      }
    }
  }

 private:
  void Break(const std::string& what, std::string_view how) {
    broken.push_back(StrCat(what, " ", how));
  }
  bool Kept(const void* now, const std::string& what) {
    if (now == nullptr) Break(what, "is gone");
    return now != nullptr;
  }

  template <typename List>
  void Messages(const List& before, const List& now, const std::string& outer) {
    for (const DescriptorProto& old : before) {
      const std::string name = StrCat(outer, old.name());
      const DescriptorProto* message = Named(now, old.name());
      if (!Kept(message, StrCat("message ", name))) continue;
      for (const FieldDescriptorProto& field : old.field()) {
        Field(StrCat("field ", name, ".", field.name()), old, field, *message);
      }
      Messages(old.nested_type(), message->nested_type(), StrCat(name, "."));
      Enums(old.enum_type(), message->enum_type(), StrCat(name, "."));
    }
  }

  void Field(const std::string& what, const DescriptorProto& old_message,
             const FieldDescriptorProto& old, const DescriptorProto& message) {
    const FieldDescriptorProto* field = Numbered(message.field(), old.number());
    if (!Kept(field, StrCat(what, " (", old.number(), ")"))) return;
    if (field->name() != old.name()) {
      Break(what, StrCat("is called ", field->name(), " now"));
    }
    if (field->type() != old.type() || field->type_name() != old.type_name()) {
      Break(what, "has another type");
    }
    if (field->label() != old.label()) Break(what, "has another label");
    if (field->proto3_optional() != old.proto3_optional()) {
      Break(what, "tells its presence in another way");
    }
    if (OneofOf(message, *field) != OneofOf(old_message, old)) {
      Break(what, "is in another oneof");
    }
  }

  template <typename List>
  void Enums(const List& before, const List& now, const std::string& outer) {
    for (const EnumDescriptorProto& old : before) {
      const std::string name = StrCat(outer, old.name());
      const EnumDescriptorProto* kept = Named(now, old.name());
      if (!Kept(kept, StrCat("enum ", name))) continue;
      for (const EnumValueDescriptorProto& value : old.value()) {
        const std::string what = StrCat("value ", name, ".", value.name());
        const EnumValueDescriptorProto* same =
            Numbered(kept->value(), value.number());
        if (Kept(same, what) && same->name() != value.name()) {
          Break(what, StrCat("is called ", same->name(), " now"));
        }
      }
    }
  }

  void Service(const ServiceDescriptorProto& old,
               const ServiceDescriptorProto* now) {
    if (!Kept(now, StrCat("service ", old.name()))) return;
    for (const MethodDescriptorProto& method : old.method()) {
      const std::string what = StrCat("rpc ", old.name(), ".", method.name());
      const MethodDescriptorProto* same = Named(now->method(), method.name());
      if (!Kept(same, what)) continue;
      if (same->input_type() != method.input_type()) {
        Break(what, "takes another message");
      }
      if (same->output_type() != method.output_type()) {
        Break(what, "gives another message");
      }
      if (same->client_streaming() != method.client_streaming() ||
          same->server_streaming() != method.server_streaming()) {
        Break(what, "streams in another way");
      }
    }
  }
};

}  // namespace

std::vector<std::string> BreakingChanges(const FileDescriptorSet& before,
                                         const FileDescriptorSet& now) {
  Comparison comparison;
  comparison.Files(before, now);
  return comparison.broken;
}

}  // namespace landwaiter::contract
