#pragma once
// Types and constants only: the functions are looked up at run time (Cryptography/OpenSSL.swift).
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
