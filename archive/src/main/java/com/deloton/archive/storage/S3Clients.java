package com.deloton.archive.storage;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.aws.s3.S3FileIOAwsClientFactory;
import org.apache.iceberg.aws.s3.S3FileIOProperties;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Makes Iceberg's clients of S3, without the clients of other services of AWS that its default needs. Credentials are those of
 * the environment, such as a task's role.
 */
public final class S3Clients implements S3FileIOAwsClientFactory {
    public static final String REGION = "client.region";
    private static final long serialVersionUID = 1;

    private Map<String, String> properties = Map.of();

    /** For Iceberg, which makes it by reflection. */
    public S3Clients() {}

    /** For {@code S3FileIO}: its properties. */
    public static Map<String, String> properties(Map<String, String> endpointAndRegion) {
        Map<String, String> properties = new HashMap<>(endpointAndRegion);
        properties.put(S3FileIOProperties.CLIENT_FACTORY, S3Clients.class.getName());
        return properties;
    }

    @Override
    public void initialize(Map<String, String> given) {
        properties = given;
    }

    @Override
    public S3Client s3() {
        S3ClientBuilder builder = S3Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder());
        String endpoint = properties.get(S3FileIOProperties.ENDPOINT);
        if (endpoint != null) {
            builder.endpointOverride(URI.create(endpoint)).forcePathStyle(true);
        }
        String region = properties.get(REGION);
        if (region != null) {
            builder.region(Region.of(region));
        }
        return builder.build();
    }

    @Override
    public S3AsyncClient s3Async() {
        throw new UnsupportedOperationException(
                "s3.crt.enabled and s3.analytics-accelerator.enabled are not supported");
    }
}
