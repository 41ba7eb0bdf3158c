// Asio is compiled here, once (BOOST_ASIO_SEPARATE_COMPILATION hangs on the target enishi_asio).
#include <boost/asio/impl/src.hpp>
