#include "agent/extract/lang/java/published_groups.h"

#include <cstdint>

#include "absl/strings/ascii.h"

namespace landwaiter::agent::extract::lang {
namespace {

struct Published {
  std::string_view artifact;  // a trailing "*": any artifact that begins so
  std::string_view group;
  // Versions from here on only, major * 1000 + minor.
  uint32_t from = 0;
};

// The first row that fits counts.
constexpr Published kPublished[] = {
    {"spring-boot*", "org.springframework.boot"},
    {"spring-security-*", "org.springframework.security"},
    {"spring-cloud-*", "org.springframework.cloud"},
    {"spring-data-*", "org.springframework.data"},
    {"spring-integration-*", "org.springframework.integration"},
    {"spring-kafka", "org.springframework.kafka"},
    {"spring-rabbit", "org.springframework.amqp"},
    {"spring-amqp", "org.springframework.amqp"},
    {"spring-batch-*", "org.springframework.batch"},
    {"spring-session-*", "org.springframework.session"},
    {"spring-ws-*", "org.springframework.ws"},
    {"spring-retry", "org.springframework.retry"},
    {"spring-aop", "org.springframework"},
    {"spring-aspects", "org.springframework"},
    {"spring-beans", "org.springframework"},
    {"spring-context*", "org.springframework"},
    {"spring-core*", "org.springframework"},
    {"spring-expression", "org.springframework"},
    {"spring-instrument", "org.springframework"},
    {"spring-jcl", "org.springframework"},
    {"spring-jdbc", "org.springframework"},
    {"spring-jms", "org.springframework"},
    {"spring-messaging", "org.springframework"},
    {"spring-orm", "org.springframework"},
    {"spring-oxm", "org.springframework"},
    {"spring-r2dbc", "org.springframework"},
    {"spring-test", "org.springframework"},
    {"spring-tx", "org.springframework"},
    {"spring-web", "org.springframework"},
    {"spring-webflux", "org.springframework"},
    {"spring-webmvc*", "org.springframework"},
    {"spring-websocket", "org.springframework"},
    {"tomcat-embed-*", "org.apache.tomcat.embed"},
    {"tomcat-*", "org.apache.tomcat"},
    {"asm", "org.ow2.asm", 4000},
    {"asm", "asm"},
    {"asm-*", "org.ow2.asm", 4000},
    {"asm-*", "asm"},
    {"javassist", "org.javassist", 3013},
    {"javassist", "javassist"},
    {"freemarker", "org.freemarker"},
    {"groovy*", "org.apache.groovy", 4000},
    {"groovy*", "org.codehaus.groovy"},
    {"hibernate-core", "org.hibernate.orm", 6000},
    {"hibernate-core", "org.hibernate"},
    {"hibernate-entitymanager", "org.hibernate"},
    {"lucene-*", "org.apache.lucene"},
    {"kafka-clients", "org.apache.kafka"},
    {"kafka-streams", "org.apache.kafka"},
    {"kafka_2*", "org.apache.kafka"},
    {"solr-*", "org.apache.solr"},
    {"elasticsearch", "org.elasticsearch"},
    {"elasticsearch-rest-*", "org.elasticsearch.client"},
    {"aspectj*", "org.aspectj"},
    {"bcpg-*", "org.bouncycastle"},
    {"bctls-*", "org.bouncycastle"},
    {"bc-fips", "org.bouncycastle"},
    {"bsh", "org.beanshell"},
    {"c3p0", "com.mchange"},
    {"mchange-commons-java", "com.mchange"},
    {"caffeine", "com.github.ben-manes.caffeine"},
    {"cglib*", "cglib"},
    {"checker-compat-qual", "org.checkerframework"},
    {"checker-qual", "org.checkerframework"},
    {"connect-api", "org.apache.kafka"},
    {"connect-json", "org.apache.kafka"},
    {"connect-runtime", "org.apache.kafka"},
    {"connect-transforms", "org.apache.kafka"},
    {"kafka-metadata", "org.apache.kafka"},
    {"kafka-raft", "org.apache.kafka"},
    {"kafka-server-common", "org.apache.kafka"},
    {"kafka-storage*", "org.apache.kafka"},
    {"ehcache", "org.ehcache", 3000},
    {"ehcache", "net.sf.ehcache"},
    {"elasticsearch-java", "co.elastic.clients"},
    {"elasticsearch-core", "org.elasticsearch"},
    {"elasticsearch-x-content", "org.elasticsearch"},
    {"grpc-*", "io.grpc"},
    {"hamcrest*", "org.hamcrest"},
    {"hibernate-envers", "org.hibernate.orm", 6000},
    {"hibernate-envers", "org.hibernate"},
    {"jdom", "org.jdom"},
    {"jdom2", "org.jdom"},
    {"jtds", "net.sourceforge.jtds"},
    {"junit-platform-*", "org.junit.platform"},
    {"junit-vintage-engine", "org.junit.vintage"},
    {"opentest4j", "org.opentest4j"},
    {"apiguardian-api", "org.apiguardian"},
    {"ktor-*", "io.ktor"},
    {"log4j", "log4j"},
    {"logging-interceptor", "com.squareup.okhttp3", 3000},
    {"lz4-java", "org.lz4"},
    {"opensearch", "org.opensearch"},
    {"opentelemetry-semconv", "io.opentelemetry.semconv"},
    {"perfmark-*", "io.perfmark"},
    {"poi", "org.apache.poi"},
    {"poi-*", "org.apache.poi"},
    {"quartz", "org.quartz-scheduler"},
    {"reactive-streams", "org.reactivestreams"},
    {"resilience4j-*", "io.github.resilience4j"},
    {"retrofit", "com.squareup.retrofit2", 2000},
    {"rsocket-*", "io.rsocket"},
    {"sentry", "io.sentry"},
    {"sentry-*", "io.sentry"},
    {"snappy-java", "org.xerial.snappy"},
    {"spock-core", "org.spockframework"},
    {"spring-graphql", "org.springframework.graphql"},
    {"spring-ldap-core", "org.springframework.ldap"},
    {"spring-restdocs-*", "org.springframework.restdocs"},
    {"testng", "org.testng"},
    {"vavr", "io.vavr"},
    {"velocity", "org.apache.velocity"},
    {"xmlbeans", "org.apache.xmlbeans"},
    {"zstd-jni", "com.github.luben"},
    {"guice", "com.google.inject"},
    {"guice-no-aop", "com.google.inject"},
    {"guice-*", "com.google.inject.extensions"},
    {"aopalliance", "aopalliance"},
    {"jsr305", "com.google.code.findbugs"},
    {"jetty-servlet-api", "org.eclipse.jetty.toolchain"},
    {"jetty-jakarta-*", "org.eclipse.jetty.toolchain"},
    {"jetty-javax-*", "org.eclipse.jetty.toolchain"},
    {"ant", "org.apache.ant"},
    {"ant-launcher", "org.apache.ant"},
    {"bcprov-*", "org.bouncycastle"},
    {"bcpkix-*", "org.bouncycastle"},
    {"bcutil-*", "org.bouncycastle"},
    {"bcmail-*", "org.bouncycastle"},
    {"kotlin-*", "org.jetbrains.kotlin"},
    {"kotlinx-*", "org.jetbrains.kotlinx"},
    {"scala-library", "org.scala-lang"},
    {"scala-reflect", "org.scala-lang"},
    {"scala-compiler", "org.scala-lang"},
    {"okhttp", "com.squareup.okhttp3", 3000},
    {"okhttp", "com.squareup.okhttp"},
    {"okio*", "com.squareup.okio"},
    {"micrometer-*", "io.micrometer"},
    {"reactor-core", "io.projectreactor"},
    {"reactor-netty-*", "io.projectreactor.netty"},
    {"rxjava", "io.reactivex.rxjava3", 3000},
    {"rxjava", "io.reactivex.rxjava2", 2000},
    {"rxjava", "io.reactivex"},
    {"lombok", "org.projectlombok"},
    {"mockito-*", "org.mockito"},
    {"junit-jupiter-*", "org.junit.jupiter"},
    {"junit", "junit"},
    {"h2", "com.h2database"},
    {"hsqldb", "org.hsqldb"},
    {"derby*", "org.apache.derby"},
    {"mysql-connector-java", "mysql"},
    {"mysql-connector-j", "com.mysql"},
    {"postgresql", "org.postgresql"},
    {"ojdbc*", "com.oracle.database.jdbc"},
    {"mssql-jdbc", "com.microsoft.sqlserver"},
    {"xalan", "xalan"},
    {"xercesImpl", "xerces"},
    {"rhino", "org.mozilla"},
    {"dom4j", "org.dom4j", 2000},
    {"dom4j", "dom4j"},
    {"opentelemetry-*", "io.opentelemetry"},
    {"jedis", "redis.clients"},
    {"commons-beanutils", "commons-beanutils"},
    {"commons-codec", "commons-codec"},
    {"commons-collections", "commons-collections"},
    {"commons-dbcp", "commons-dbcp"},
    {"commons-digester", "commons-digester"},
    {"commons-fileupload", "commons-fileupload"},
    {"commons-httpclient", "commons-httpclient"},
    {"commons-io", "commons-io"},
    {"commons-lang", "commons-lang"},
    {"commons-logging", "commons-logging"},
};

// "3.13.0-GA" is 3013.
uint32_t Number(std::string_view version) {
  uint32_t numbers[2] = {0, 0};
  size_t at = 0;
  for (uint32_t& number : numbers) {
    for (; at < version.size() && absl::ascii_isdigit(version[at]); ++at) {
      number = number * 10 + static_cast<uint32_t>(version[at] - '0');
      if (number > 999) number = 999;
    }
    if (at < version.size() && version[at] == '.') ++at;
  }
  return numbers[0] * 1000 + numbers[1];
}

bool Fits(const Published& row, std::string_view artifact) {
  if (!row.artifact.ends_with('*')) return row.artifact == artifact;
  return artifact.starts_with(row.artifact.substr(0, row.artifact.size() - 1));
}

}  // namespace

std::string_view PublishedGroup(std::string_view artifact,
                                std::string_view version) {
  const uint32_t number = Number(version);
  for (const Published& row : kPublished) {
    if (number >= row.from && Fits(row, artifact)) return row.group;
  }
  return {};
}

}  // namespace landwaiter::agent::extract::lang
