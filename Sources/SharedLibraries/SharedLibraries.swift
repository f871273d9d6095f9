// SharedLibraries
