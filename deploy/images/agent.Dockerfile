# The context is made by ./dev images: root/ holds the program, the libraries
# that it loads, time zones and CA roots, and nothing else.
FROM scratch
COPY root/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/landwaiter-agent"]
