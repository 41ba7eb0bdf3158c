// Beast is compiled here, once (BOOST_BEAST_SEPARATE_COMPILATION hangs on the target enishi_asio).
#include <boost/beast/src.hpp>
