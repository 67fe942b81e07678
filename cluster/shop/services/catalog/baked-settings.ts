/** What the image says where the environment says nothing. Another value is another image. */
export const bakedSettings = { cacheMs: 1_000 };
