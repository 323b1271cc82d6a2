
      export interface PossibleTypesResultData {
        possibleTypes: {
          [key: string]: string[]
        }
      }
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "CloudAccount": [
      "AwsAccount",
      "AzureAccount",
      "GcpAccount"
    ],
    "ConnectedAccount": [
      "AwsAccount",
      "AzureAccount",
      "GcpAccount"
    ]
  }
};
      export default result;
    