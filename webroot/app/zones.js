/** Lower bound of each heart-rate zone as a share of the maximum heart rate (ACSM), and its name. */
export const ZONES = [
  [0, 'Very light'],
  [0.57, 'Light'],
  [0.64, 'Moderate'],
  [0.77, 'Vigorous'],
  [0.96, 'Maximal'],
];

export const ZONE_WORDS = ZONES.map(([, word]) => word);
