/** What the shop sells: the seed from which each context that deals with products fills its own table. */
export interface Product {
  id: string;
  name: string;
  description: string;
  priceCents: number;
}

export const products: Product[] = [
  {
    id: 'sea-chart',
    name: 'Sea chart',
    description: 'The bay and its approaches, on tear-proof paper.',
    priceCents: 2490,
  },
  { id: 'hand-compass', name: 'Hand compass', description: 'Liquid-filled, readable at night.', priceCents: 5900 },
  { id: 'dividers', name: 'Dividers', description: 'Brass, for one-handed use.', priceCents: 3450 },
  { id: 'tide-table', name: 'Tide table', description: 'Heights and times for a year.', priceCents: 1250 },
  { id: 'oilskin-jacket', name: 'Oilskin jacket', description: 'Keeps out spray and rain.', priceCents: 18900 },
  { id: 'deck-boots', name: 'Deck boots', description: 'Soles that hold on wet teak.', priceCents: 9900 },
  { id: 'mooring-line', name: 'Mooring line', description: 'Twelve metres, spliced eye.', priceCents: 4200 },
  { id: 'fender', name: 'Fender', description: 'Takes the knocks in harbour.', priceCents: 2950 },
  { id: 'storm-lantern', name: 'Storm lantern', description: 'Burns on when the wind rises.', priceCents: 6450 },
  { id: 'signal-flags', name: 'Signal flags', description: 'The whole alphabet, in a roll.', priceCents: 7800 },
  { id: 'life-jacket', name: 'Life jacket', description: '150 newtons, inflates by itself.', priceCents: 14500 },
  { id: 'bosun-knife', name: "Bosun's knife", description: 'With shackle key and marlinspike.', priceCents: 5200 },
];
