#pragma once
// Types and constants only: the functions are looked up at run time (HTTPTransport).
#include <curl/curl.h>
