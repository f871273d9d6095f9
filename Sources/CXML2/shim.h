#pragma once
// Types and constants only: the functions are looked up at run time (EC2/XML).
#include <libxml/parser.h>
