import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { CurrentUser as CurrentUserModel } from '../../viewer.ts';
import type { CloudAccount as CloudAccountModel } from '../../clouds/clouds.ts';
import type { AzureAccount as AzureAccountModel } from '../../clouds/azure/account.ts';
import type { GcpAccount as GcpAccountModel } from '../../clouds/gcp/account.ts';
import type { AwsAccount as AwsAccountModel } from '../../clouds/aws/account.ts';
import type { AzureSubscription as AzureSubscriptionModel } from '../../clouds/azure/subscriptions.ts';
import type { GraphqlContext } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant in UTC, written as in ISO 8601: 2026-01-31T12:00:00.000Z. */
  DateTime: { input: Date; output: Date; }
};

/** A connected AWS IAM role. */
export type AwsAccount = ConnectedAccount & {
  __typename?: 'AwsAccount';
  /** The id of the AWS account that the role is in. */
  accountId: Scalars['ID']['output'];
  /** A name for people. */
  displayName: Maybe<Scalars['String']['output']>;
  /** The external id that the role's trust policy demands. */
  externalId: Scalars['String']['output'];
  /** `aws:<roleArn>` */
  id: Scalars['ID']['output'];
  /** Always `aws`. */
  provider: CloudProvider;
  /** The ARN of the role that the gateway assumes. */
  roleArn: Scalars['String']['output'];
};

/** A connected Azure tenant. */
export type AzureAccount = ConnectedAccount & {
  __typename?: 'AzureAccount';
  /** The name of the person who connected the tenant. */
  displayName: Maybe<Scalars['String']['output']>;
  /** `azure:<tenantId>` */
  id: Scalars['ID']['output'];
  /** Always `azure`. */
  provider: CloudProvider;
  /**
   * The tenant's subscriptions, as fresh as those of `Query.azureSubscriptions`, and stale as those while Azure fails.
   * When the tenant fails only this field is null, with an error.
   */
  subscriptionDetails: Maybe<Array<AzureSubscription>>;
  /** The ids of the subscriptions that were listed at sign-in. */
  subscriptions: Array<Scalars['ID']['output']>;
  /** The id of the Microsoft Entra tenant. */
  tenantId: Scalars['ID']['output'];
};


/** A connected Azure tenant. */
export type AzureAccountSubscriptionDetailsArgs = {
  refresh?: InputMaybe<Scalars['Boolean']['input']>;
};

/** An Azure subscription, as Azure Resource Manager lists it for the gateway's app registration. */
export type AzureSubscription = {
  __typename?: 'AzureSubscription';
  /** When Azure listed it: the moment at which the list of its tenant was complete. */
  asOf: Scalars['DateTime']['output'];
  /** The subscription's name. */
  displayName: Maybe<Scalars['String']['output']>;
  /** `azure:<tenantId>/<subscriptionId>` */
  id: Scalars['ID']['output'];
  /** Always `azure`. */
  provider: CloudProvider;
  /** `Enabled`, `Disabled`, `Warned`, `PastDue` or `Deleted`. */
  state: Maybe<Scalars['String']['output']>;
  /** The id that Azure knows the subscription by. */
  subscriptionId: Scalars['ID']['output'];
  /** The tenant that the subscription was listed in. */
  tenantId: Scalars['ID']['output'];
};

/** A connected account of any cloud. */
export type CloudAccount = AwsAccount | AzureAccount | GcpAccount;

/** The clouds. Lower-case, because these are the values that the original REST API documents. */
export type CloudProvider =
  /** Amazon Web Services */
  | 'aws'
  /** Microsoft Azure */
  | 'azure'
  /** Google Cloud Platform */
  | 'gcp';

/** The answer to a connected AWS role. */
export type ConnectAwsAccountPayload = {
  __typename?: 'ConnectAwsAccountPayload';
  /** The account as it is connected now. */
  account: AwsAccount;
};

/** What all connected accounts have in common. */
export type ConnectedAccount = {
  /** A name for people; null when the account was connected without one. */
  displayName: Maybe<Scalars['String']['output']>;
  /** Stable, and says what it names: `azure:<tenantId>`, `gcp:<email>`, `aws:<roleArn>`. */
  id: Scalars['ID']['output'];
  /** The cloud that the account is in. */
  provider: CloudProvider;
};

/** The person behind the calling browser. */
export type CurrentUser = {
  __typename?: 'CurrentUser';
  /** The e-mail address that the identity provider gave; null when it gave none, or when nobody is signed in. */
  email: Maybe<Scalars['String']['output']>;
  /** True when the session holds a signed-in user. */
  loggedIn: Scalars['Boolean']['output'];
  /** The name that the identity provider gave; null when it gave none, or when nobody is signed in. */
  name: Maybe<Scalars['String']['output']>;
  /** When the session ends if it is not used again; null when nobody is signed in. */
  sessionExpiresAt: Maybe<Scalars['DateTime']['output']>;
};

/** The answer to a disconnected account. */
export type DisconnectAccountPayload = {
  __typename?: 'DisconnectAccountPayload';
  /** The accounts that are left. */
  accounts: Array<CloudAccount>;
  /** The id of the account that was disconnected, so that a cache can drop it. */
  id: Scalars['ID']['output'];
};

/** A connected Google account. */
export type GcpAccount = ConnectedAccount & {
  __typename?: 'GcpAccount';
  /** The OAuth access token, refreshed when it is about to expire; fails with `REAUTH_REQUIRED` when it cannot be; null when the gateway is configured with `TOKEN_EXPOSURE=none`. */
  accessToken: Maybe<Scalars['String']['output']>;
  /** The name of the person who connected the account. */
  displayName: Maybe<Scalars['String']['output']>;
  /** The account's e-mail address. */
  email: Maybe<Scalars['String']['output']>;
  /** `gcp:<email>` */
  id: Scalars['ID']['output'];
  /** Always `gcp`. */
  provider: CloudProvider;
  /** The OAuth refresh token; fails with `REAUTH_REQUIRED` when it is dead; null when there is none, or with `TOKEN_EXPOSURE=none`. */
  refreshToken: Maybe<Scalars['String']['output']>;
};

/** The answer to a logout. */
export type LogoutPayload = {
  __typename?: 'LogoutPayload';
  /** Always "Wylogowano", as the original application answered. */
  message: Scalars['String']['output'];
};

/** Changes to the session of the calling browser. */
export type Mutation = {
  __typename?: 'Mutation';
  /**
   * Connects an AWS IAM role to the session, in the place of the same role where it is connected already.
   * AWS has to let the gateway assume it with the external id of `GET /api/account/aws/config`, and not without.
   * Fails with `UNAUTHENTICATED`, `AWS_ROLE_INVALID`, `AWS_ROLE_REFUSED`, `AWS_TRUST_TOO_OPEN`, `AWS_UNAVAILABLE`, or
   * `RATE_LIMITED` where too many are connected in a minute.
   */
  connectAwsAccount: ConnectAwsAccountPayload;
  /** Takes an account out of the session; fails with `ACCOUNT_NOT_FOUND` when it is not there, or `UNAUTHENTICATED`. The user stays signed in. */
  disconnectAccount: DisconnectAccountPayload;
  /** Ends the session: its record is deleted and its cookie expired. Also answers when nobody is signed in. */
  logout: LogoutPayload;
};


/** Changes to the session of the calling browser. */
export type MutationConnectAwsAccountArgs = {
  roleArn: Scalars['String']['input'];
};


/** Changes to the session of the calling browser. */
export type MutationDisconnectAccountArgs = {
  id: Scalars['ID']['input'];
};

/** What the session of the calling browser may see. Reading never needs a sign-in. */
export type Query = {
  __typename?: 'Query';
  /** The connected cloud accounts, in the order in which they were connected; empty when nobody is signed in. */
  accounts: Array<CloudAccount>;
  /**
   * The subscriptions of all connected Azure tenants: tenants in account order.
   * When a tenant fails this field is null, with an error that names the tenant; the rest of the query is answered.
   *
   * Azure is asked at most once in `AZURE_CACHE_SECONDS` for each tenant, for everybody together (by each process of the gateway). While Azure fails, a
   * list of at most an hour ago is answered, and named in the answer's `extensions`:
   * `{"azure": {"stale": [{"tenantId", "asOf", "code"}]}}`.
   */
  azureSubscriptions: Maybe<Array<AzureSubscription>>;
  /** Who is signed in; also answers when nobody is. */
  me: CurrentUser;
};


/** What the session of the calling browser may see. Reading never needs a sign-in. */
export type QueryAzureSubscriptionsArgs = {
  refresh?: InputMaybe<Scalars['Boolean']['input']>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AwsAccount: ResolverTypeWrapper<AwsAccountModel>;
  AzureAccount: ResolverTypeWrapper<AzureAccountModel>;
  AzureSubscription: ResolverTypeWrapper<AzureSubscriptionModel>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CloudAccount: ResolverTypeWrapper<CloudAccountModel>;
  CloudProvider: CloudProvider;
  ConnectAwsAccountPayload: ResolverTypeWrapper<Omit<ConnectAwsAccountPayload, 'account'> & { account: ResolversTypes['AwsAccount'] }>;
  ConnectedAccount: ResolverTypeWrapper<CloudAccountModel>;
  CurrentUser: ResolverTypeWrapper<CurrentUserModel>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DisconnectAccountPayload: ResolverTypeWrapper<Omit<DisconnectAccountPayload, 'accounts'> & { accounts: Array<ResolversTypes['CloudAccount']> }>;
  GcpAccount: ResolverTypeWrapper<GcpAccountModel>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  LogoutPayload: ResolverTypeWrapper<LogoutPayload>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AwsAccount: AwsAccountModel;
  AzureAccount: AzureAccountModel;
  AzureSubscription: AzureSubscriptionModel;
  Boolean: Scalars['Boolean']['output'];
  CloudAccount: CloudAccountModel;
  ConnectAwsAccountPayload: Omit<ConnectAwsAccountPayload, 'account'> & { account: ResolversParentTypes['AwsAccount'] };
  ConnectedAccount: CloudAccountModel;
  CurrentUser: CurrentUserModel;
  DateTime: Scalars['DateTime']['output'];
  DisconnectAccountPayload: Omit<DisconnectAccountPayload, 'accounts'> & { accounts: Array<ResolversParentTypes['CloudAccount']> };
  GcpAccount: GcpAccountModel;
  ID: Scalars['ID']['output'];
  LogoutPayload: LogoutPayload;
  Mutation: Record<PropertyKey, never>;
  Query: Record<PropertyKey, never>;
  String: Scalars['String']['output'];
};

export type AwsAccountResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['AwsAccount'] = ResolversParentTypes['AwsAccount']> = {
  accountId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  externalId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['CloudProvider'], ParentType, ContextType>;
  roleArn?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AzureAccountResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['AzureAccount'] = ResolversParentTypes['AzureAccount']> = {
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['CloudProvider'], ParentType, ContextType>;
  subscriptionDetails?: Resolver<Maybe<Array<ResolversTypes['AzureSubscription']>>, ParentType, ContextType, RequireFields<AzureAccountSubscriptionDetailsArgs, 'refresh'>>;
  subscriptions?: Resolver<Array<ResolversTypes['ID']>, ParentType, ContextType>;
  tenantId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AzureSubscriptionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['AzureSubscription'] = ResolversParentTypes['AzureSubscription']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['CloudProvider'], ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  subscriptionId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  tenantId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type CloudAccountResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['CloudAccount'] = ResolversParentTypes['CloudAccount']> = {
  __resolveType?: TypeResolveFn<'AwsAccount' | 'AzureAccount' | 'GcpAccount', ParentType, ContextType>;
};

export type ConnectAwsAccountPayloadResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ConnectAwsAccountPayload'] = ResolversParentTypes['ConnectAwsAccountPayload']> = {
  account?: Resolver<ResolversTypes['AwsAccount'], ParentType, ContextType>;
};

export type ConnectedAccountResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ConnectedAccount'] = ResolversParentTypes['ConnectedAccount']> = {
  __resolveType?: TypeResolveFn<'AwsAccount' | 'AzureAccount' | 'GcpAccount', ParentType, ContextType>;
};

export type CurrentUserResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['CurrentUser'] = ResolversParentTypes['CurrentUser']> = {
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  loggedIn?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sessionExpiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DisconnectAccountPayloadResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['DisconnectAccountPayload'] = ResolversParentTypes['DisconnectAccountPayload']> = {
  accounts?: Resolver<Array<ResolversTypes['CloudAccount']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type GcpAccountResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GcpAccount'] = ResolversParentTypes['GcpAccount']> = {
  accessToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['CloudProvider'], ParentType, ContextType>;
  refreshToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LogoutPayloadResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['LogoutPayload'] = ResolversParentTypes['LogoutPayload']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  connectAwsAccount?: Resolver<ResolversTypes['ConnectAwsAccountPayload'], ParentType, ContextType, RequireFields<MutationConnectAwsAccountArgs, 'roleArn'>>;
  disconnectAccount?: Resolver<ResolversTypes['DisconnectAccountPayload'], ParentType, ContextType, RequireFields<MutationDisconnectAccountArgs, 'id'>>;
  logout?: Resolver<ResolversTypes['LogoutPayload'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  accounts?: Resolver<Array<ResolversTypes['CloudAccount']>, ParentType, ContextType>;
  azureSubscriptions?: Resolver<Maybe<Array<ResolversTypes['AzureSubscription']>>, ParentType, ContextType, RequireFields<QueryAzureSubscriptionsArgs, 'refresh'>>;
  me?: Resolver<ResolversTypes['CurrentUser'], ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphqlContext> = {
  AwsAccount?: AwsAccountResolvers<ContextType>;
  AzureAccount?: AzureAccountResolvers<ContextType>;
  AzureSubscription?: AzureSubscriptionResolvers<ContextType>;
  CloudAccount?: CloudAccountResolvers<ContextType>;
  ConnectAwsAccountPayload?: ConnectAwsAccountPayloadResolvers<ContextType>;
  ConnectedAccount?: ConnectedAccountResolvers<ContextType>;
  CurrentUser?: CurrentUserResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DisconnectAccountPayload?: DisconnectAccountPayloadResolvers<ContextType>;
  GcpAccount?: GcpAccountResolvers<ContextType>;
  LogoutPayload?: LogoutPayloadResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
};

