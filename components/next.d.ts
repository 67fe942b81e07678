// What next-env.d.ts declares, kept here because that file is written by the build and the type check runs without one.
/// <reference types="next" />
/// <reference types="next/image-types/global" />
