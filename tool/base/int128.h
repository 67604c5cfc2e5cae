// 128-bit integers: Rust has them as values and as enum discriminants.
#pragma once

namespace situ {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

}  // namespace situ
