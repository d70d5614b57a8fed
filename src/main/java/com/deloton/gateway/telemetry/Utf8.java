package com.deloton.gateway.telemetry;

/** Well-formedness of UTF-8 as the Unicode Standard defines it (table 3-7). */
final class Utf8 {
    private Utf8() {}

    static boolean isWellFormed(byte[] in) {
        int i = 0;
        int n = in.length;
        while (i < n) {
            int b = in[i++];
            if (b >= 0) {
                continue;
            }
            int lead = b & 0xFF;
            int trailing;
            int min = 0x80;
            int max = 0xBF;
            if (lead >= 0xC2 && lead <= 0xDF) {
                trailing = 1;
            } else if (lead >= 0xE0 && lead <= 0xEF) {
                trailing = 2;
                min = lead == 0xE0 ? 0xA0 : min;
                max = lead == 0xED ? 0x9F : max;
            } else if (lead >= 0xF0 && lead <= 0xF4) {
                trailing = 3;
                min = lead == 0xF0 ? 0x90 : min;
                max = lead == 0xF4 ? 0x8F : max;
            } else {
                return false;
            }
            if (n - i < trailing) {
                return false;
            }
            int first = in[i++] & 0xFF;
            if (first < min || first > max) {
                return false;
            }
            for (int k = 1; k < trailing; k++) {
                if ((in[i++] & 0xC0) != 0x80) {
                    return false;
                }
            }
        }
        return true;
    }
}
