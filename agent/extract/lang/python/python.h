#ifndef LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_PYTHON_H_
#define LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_PYTHON_H_

#include "agent/extract/lang/formats.h"

namespace landwaiter::agent::extract::lang {

// Python: the metadata of what is installed (*.dist-info/METADATA, *.egg-info
// as a file or with PKG-INFO, EGG-INFO/PKG-INFO) and conda-meta/*.json; and
// what is asked for: requirements*.txt (exact versions alone), poetry.lock,
// pdm.lock, uv.lock, Pipfile.lock. Names are normalised (PEP 503).
class Python : public Formats {
 public:
  Python();
};

}  // namespace landwaiter::agent::extract::lang

#endif  // LANDWAITER_AGENT_EXTRACT_LANG_PYTHON_PYTHON_H_
