#include "tools/driver/Commands.h"

int main(int argc, char **argv) { return dlc::driver::dlcMain(argc, argv); }
