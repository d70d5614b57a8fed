package com.deloton.gateway.api.riders;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The texts that the bytes of a record may stand for: in UTF-8, Latin-1, Windows-1252 or UTF-16, encoded twice, and with JSON,
 * Python, percent or XML escapes. All texts are folded: lower case, without accents, and one space for everything
 * between two words.
 */
final class RecordText {
    private static final List<Charset> CHARSETS = List.of(
            StandardCharsets.UTF_8,
            StandardCharsets.ISO_8859_1,
            Charset.forName("windows-1252"),
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16BE);

    private static final int LEVELS = 3;
    private static final Pattern ESCAPE =
            Pattern.compile("\\\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3][0-7]{2})|[nrtbf])"
                    + "|%([0-9a-fA-F]{2})|&#x([0-9a-fA-F]{1,5});|&#([0-9]{1,6});");
    private static final int HEX = 16;
    private static final int OCTAL = 8;
    private static final int[] RADIX = {0, HEX, HEX, OCTAL, HEX, HEX, 10};

    private static final Pattern MARKS = Pattern.compile("[\\p{M}\\p{Cf}]+");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

    private RecordText() {}

    /** Every possible text, folded. */
    static Set<String> of(byte[] bytes) {
        Set<String> texts = new LinkedHashSet<>();
        for (Charset charset : isAscii(bytes) ? CHARSETS.subList(0, 1) : CHARSETS) {
            String text = new String(bytes, charset);
            for (int level = 0; level <= LEVELS && texts.add(text); level++) {
                addDecodedTwice(text, texts);
                text = unescape(text);
            }
        }
        Set<String> folded = new LinkedHashSet<>();
        texts.forEach(text -> folded.add(fold(text)));
        return folded;
    }

    /** Zero bytes occur in UTF-16 only. */
    private static boolean isAscii(byte[] bytes) {
        for (byte each : bytes) {
            if (each <= 0) {
                return false;
            }
        }
        return true;
    }

    private static void addDecodedTwice(String text, Set<String> texts) {
        for (Charset charset : CHARSETS.subList(1, 3)) {
            if (text.chars().anyMatch(c -> c > 0x7F) && charset.newEncoder().canEncode(text)) {
                texts.add(new String(text.getBytes(charset), StandardCharsets.UTF_8));
            }
        }
    }

    private static String unescape(String text) {
        return ESCAPE.matcher(text).replaceAll(match -> {
            for (int group = 1; group < RADIX.length; group++) {
                if (match.group(group) != null) {
                    return java.util.regex.Matcher.quoteReplacement(character(match, group));
                }
            }
            return " ";
        });
    }

    private static String character(MatchResult match, int group) {
        int code = Integer.parseInt(match.group(group), RADIX[group]);
        return Character.isValidCodePoint(code) ? Character.toString(code) : " ";
    }

    /** Begins and ends with a space, so that a search can include the limits of words. */
    static String fold(String text) {
        String plain =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
        String upper = plain.toUpperCase(Locale.ROOT); // turns ß into SS
        return BETWEEN_WORDS.matcher(" " + upper.toLowerCase(Locale.ROOT) + " ").replaceAll(" ");
    }
}
